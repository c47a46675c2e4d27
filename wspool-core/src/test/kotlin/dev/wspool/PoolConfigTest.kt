package dev.wspool

import dev.wspool.test.FakeConnector
import kotlinx.coroutines.Dispatchers
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNull
import kotlin.test.assertSame
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** What a pool can be told, and that nonsense is refused by name and value when the pool is built. */
class PoolConfigTest {
    @Test
    fun theDefaultsAreAsDocumented() {
        val config = PoolConfig.Builder().build()
        assertNull(config.name)
        assertEquals(10, config.maxConnections)
        assertEquals(0, config.minIdle)
        assertEquals(Int.MAX_VALUE, config.maxWaiting)
        assertEquals(5.seconds, config.borrowTimeout)
        assertEquals(10.seconds, config.connectTimeout)
        assertEquals(5.minutes, config.maxIdleTime)
        assertNull(config.parent)
        assertNull(config.dispatcher)
        assertSame(TimeSource.Monotonic, config.timeSource)
    }

    @Test
    fun aBuiltConfigurationDoesNotChange() {
        val builder = PoolConfig.Builder()
        builder.maxConnections = 3
        val config = builder.build()
        builder.maxConnections = 4
        assertEquals(3, config.maxConnections)
    }

    @Test
    fun nonsenseIsRefusedByNameAndValue() {
        refused("maxConnections must be at least 1, not 0") { maxConnections = 0 }
        refused("maxConnections must be at least 1, not -3") { maxConnections = -3 }
        refused("minIdle must not be negative: -1") { minIdle = -1 }
        refused("minIdle (11) must not exceed maxConnections (10)") { minIdle = 11 }
        refused("maxWaiting must not be negative: -1") { maxWaiting = -1 }
        refused("borrowTimeout must not be negative: -1s") { borrowTimeout = (-1).seconds }
        refused("connectTimeout must be positive, not 0s") { connectTimeout = Duration.ZERO }
        refused("connectTimeout must be positive, not -5s") { connectTimeout = (-5).seconds }
        refused("maxIdleTime must be positive, not 0s") { maxIdleTime = Duration.ZERO }
        refused("dispatcher must not be Dispatchers.Unconfined: it has no thread to run on") { dispatcher = Dispatchers.Unconfined }
        refused("name must not be blank") { name = " " }
    }

    @Test
    fun theExtremesAreTaken() {
        val config = PoolConfig.Builder().apply {
            maxConnections = Int.MAX_VALUE
            minIdle = 10
            maxWaiting = 0
            borrowTimeout = Duration.ZERO
            connectTimeout = Duration.INFINITE
            maxIdleTime = Duration.INFINITE
        }.build()
        assertEquals(Duration.INFINITE, config.maxIdleTime)
        assertEquals(0, config.maxWaiting)
    }

    @Test
    fun thePoolRefusesWhatItsConfigurationRefuses() {
        val e = assertFailsWith<IllegalArgumentException> {
            WebSocketPool(FakeConnector(), Endpoint("ws://fake")) { maxConnections = 0 }
        }
        assertEquals("maxConnections must be at least 1, not 0", e.message)
        assertFailsWith<IllegalArgumentException> { WebSocketPool("http://fake") }
    }

    private fun refused(text: String, configure: PoolConfig.Builder.() -> Unit) {
        val e = assertFailsWith<IllegalArgumentException> { PoolConfig.Builder().apply(configure).build() }
        assertEquals(text, e.message)
    }
}
