package dev.wspool

import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** The order in which hooks and events tell the life of a connection, as documented. */
@OptIn(ExperimentalCoroutinesApi::class)
class HookOrderTest {
    private val connector = echoing()

    @Test
    fun hooksAndEventsTellTheLifeOfAConnectionInOrder() = runTest {
        val seen = ArrayList<String>()
        val pool = poolOf(connector) {
            beforeConnect { it.also { seen += "beforeConnect" } }
            onConnect {
                seen += "onConnect $id"
                identify(ConnectionId("a1b2"))
            }
            onBorrow {
                seen += "onBorrow $id"
                true
            }
            onReturn { seen += "onReturn $id" }
            onClose { seen += "onClose ${it.id}" }
        }
        backgroundScope.launch { pool.events.collect { seen += "$it".removePrefix("ws://fake: ") } }
        runCurrent()
        repeat(2) {
            pool.withConnection { seen += "use $id" }
            runCurrent()
        }
        pool.close()
        pool.awaitClosed()
        runCurrent()
        assertEquals(
            listOf(
                "connecting c1",
                "beforeConnect",
                "onConnect c1",
                "a1b2 is connected",
                "onBorrow a1b2",
                "use a1b2",
                "onReturn a1b2",
                "onBorrow a1b2",
                "use a1b2",
                "onReturn a1b2",
                "a1b2 is being closed: PoolClosed",
                "a1b2 is closed: PoolClosed",
            ),
            seen.take(12),
        )
        assertEquals(setOf("ended", "onClose a1b2"), seen.drop(12).toSet()) // each tells its own listeners
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aTimeoutThatMakesNoSenseIsRefusedByName() {
        fun refused(name: String, set: PoolConfig.Builder.() -> Unit) {
            val e = assertFailsWith<IllegalArgumentException> { PoolConfig.Builder().apply(set) }
            assertEquals("the timeout of $name must be positive, not ${if (name == "onConnect") "0s" else "-1s"}", e.message)
        }
        refused("onConnect") { onConnect(Duration.ZERO) { } }
        refused("onBorrow") { onBorrow((-1).seconds) { true } }
        refused("onReturn") { onReturn((-1).seconds) { } }
        refused("onClose") { onClose((-1).seconds) { } }
        refused("onBackgroundError") { onBackgroundError((-1).seconds) { } }
    }
}
