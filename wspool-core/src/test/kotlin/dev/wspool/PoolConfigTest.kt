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
        refused("minIdle (11) must not exceed maxConnections (10)") {
            minIdle = 11
            maxConnections = 10
        }
        refused("maxIdle (1) must not be below minIdle (2)") {
            minIdle = 2
            maxIdle = 1
        }
        refused("maxConcurrentConnects must be at least 1, not 0") { maxConcurrentConnects = 0 }
        refused("maxConnectsPerSecond must be positive, not 0.0") { maxConnectsPerSecond = 0.0 }
        refused("maxUses must be at least 1, not 0") { maxUses = 0 }
        refused("receiveBuffer must be at least 1, not 0") { receiveBuffer = 0 }
        refused("sendTimeout must be positive, not 0s") { sendTimeout = Duration.ZERO }
        refused("closeTimeout must not be negative: -1s") { closeTimeout = (-1).seconds }
        refused("abortTimeout must be positive, not 0s") { abortTimeout = Duration.ZERO }
        refused("maxMessageSize must be at least 1, not 0") { maxMessageSize = 0 }
        refused("maxBytesInFlight must be at least 1024, not 1023") { maxBytesInFlight = 1023 }
        refused("maxLifetime must be positive, not 0s") { maxLifetime = Duration.ZERO }
        refused("lifetimeJitter must be from 0 to 1, not 1.5") { lifetimeJitter = 1.5 }
        refused("minRemainingLifetime must not be negative: -1s") { minRemainingLifetime = (-1).seconds }
        refused("minRemainingLifetime (28m) must be below the shortest life, 27m (maxLifetime, lifetimeJitter)") {
            maxLifetime = 30.minutes
            minRemainingLifetime = 28.minutes
        }
        refused("pingInterval must be positive, not 0s") { pingInterval = Duration.ZERO }
        refused("pongTimeout must be positive, not 0s") { pongTimeout = Duration.ZERO }
        refused("validateAfterIdle must not be negative: -1s") { validateAfterIdle = (-1).seconds }
        refused("validateTimeout must be positive, not 0s") { validateTimeout = Duration.ZERO }
        refused("backoff.initial must be positive, not 0s") { backoff = Backoff(Duration.ZERO) }
        refused("backoff.max (1s) must not be below backoff.initial (2s)") { backoff = Backoff(2.seconds, 1.seconds) }
        refused("maxWaiting must not be negative: -1") { maxWaiting = -1 }
        refused("borrowTimeout must not be negative: -1s") { borrowTimeout = (-1).seconds }
        refused("connectTimeout must be positive, not 0s") { connectTimeout = Duration.ZERO }
        refused("connectTimeout must be positive, not -5s") { connectTimeout = (-5).seconds }
        refused("maxIdleTime must be positive, not 0s") { maxIdleTime = Duration.ZERO }
        refused("dispatcher must not be Dispatchers.Unconfined: it has no thread to run on") { dispatcher = Dispatchers.Unconfined }
        refused("name must not be blank") { name = " " }
    }

    @Test
    fun settingsThatWereGivenAreCheckedAgainstEachOther() {
        refused("pingInterval (1m) must be below maxLifetime (50s), or it never comes to pass") {
            pingInterval = 1.minutes
            maxLifetime = 50.seconds
        }
        refused("maxIdleTime (1h) must be below maxLifetime (30m), or it never comes to pass") {
            maxIdleTime = 60.minutes
            maxLifetime = 30.minutes
        }
        refused("validateAfterIdle (10m) must be below maxIdleTime (5m), or it never comes to pass") {
            validateAfterIdle = 10.minutes
            maxIdleTime = 5.minutes
        }
        refused("pingInterval (6m) must be below maxIdleTime (5m), or it never comes to pass") {
            pingInterval = 6.minutes
            maxIdleTime = 5.minutes
        }
    }

    @Test
    fun whatWasNotGivenAdaptsToWhatWas() {
        fun built(configure: PoolConfig.Builder.() -> Unit) = PoolConfig.Builder().apply(configure).build()
        assertEquals(20, built { minIdle = 20 }.maxConnections)
        assertEquals(3, built { maxConnections = 3 }.maxIdle)
        assertEquals(80.minutes, built { minRemainingLifetime = 40.minutes }.maxLifetime)
        assertEquals(10.seconds, built { maxIdleTime = 10.seconds }.maxIdleTime) // below the ping's default: legal
        assertEquals(1.seconds, built { maxLifetime = 1.seconds }.maxLifetime)
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
