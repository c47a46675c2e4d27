package dev.wspool

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** `onClose`: who has left the pool, and why. */
@OptIn(ExperimentalCoroutinesApi::class)
class OnCloseTest {
    private val connector = echoing()
    private val closed = ArrayList<ClosedConnection>()

    private fun TestScope.pool(configure: PoolConfig.Builder.() -> Unit = {}) = poolOf(connector) {
        maxConnections = 2
        onClose { closed += it }
        configure()
    }

    @Test
    fun itLearnsTheReasonTheCodeTheAgeAndTheUses() = runTest {
        val pool = pool { maxIdleTime = 1.minutes }
        repeat(3) { pool.withConnection { } }
        advanceTimeBy(62.seconds)
        val it = closed.single()
        assertEquals(ConnectionId("c1"), it.id)
        assertEquals(DestroyReason.IdleTooLong, it.reason)
        assertEquals(CloseInfo(CloseInfo.NORMAL), it.closeInfo)
        assertEquals(3, it.uses)
        assertEquals(61, it.openTime.inWholeSeconds)
        assertEquals("Connection c1: IdleTooLong, close code 1000, open for 1m 1s, used 3 times", "$it")
    }

    @Test
    fun itLearnsOfEachConnectionOnceWhateverItsEnd() = runTest {
        val pool = pool()
        pool.withConnection { invalidate() }
        runCatching { pool.withConnection { error("mine") } }
        pool.withConnection { }
        connector.connections.last().dies(1011, "oops")
        runCurrent()
        val detached = pool.borrow().detach()
        pool.withConnection { }
        pool.close()
        pool.awaitClosed()
        detached.release()
        runCurrent()
        assertEquals(
            listOf(
                "c1" to DestroyReason.Invalidated,
                "c2" to DestroyReason.Dirty,
                "c3" to DestroyReason.Lost,
                "c4" to DestroyReason.Detached,
                "c5" to DestroyReason.PoolClosed,
            ),
            closed.map { it.id.value to it.reason },
        )
        assertEquals(CloseInfo(1011, "oops"), closed[2].closeInfo)
        assertNull(closed[3].closeInfo)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun oneThatCannotBeSeenToEndHasNoCode() = runTest {
        connector.onConnection = {
            it.answersClose = false
            it.confirmsAbort = false
        }
        val pool = pool()
        pool.withConnection { invalidate() }
        advanceTimeBy(8.seconds)
        assertEquals(DestroyReason.Abandoned, closed.single().reason)
        assertNull(closed.single().closeInfo)
        assertEquals("Connection c1: Abandoned, not ended, open for 7s, used 1 times", "${closed.single()}")
    }

    @Test
    fun aDialThatFailedWasNoConnection() = runTest {
        val pool = pool {
            onConnect { error("wrong password") }
            onBackgroundError { }
        }
        runCatching { pool.borrow(1.seconds) }
        pool.close()
        pool.awaitClosed()
        runCurrent()
        assertEquals(emptyList(), closed)
    }

    @Test
    fun whateverItDoesIsToldAndKeepsNobodyUp() = runTest {
        val told = ArrayList<String>()
        val pool = poolOf(connector) {
            onClose(1.seconds) {
                when (it.id.value) {
                    "c1" -> error("mine")
                    "c2" -> throw CancellationException("its own")
                    else -> awaitCancellation()
                }
            }
            onBackgroundError { told += "$it" }
        }
        repeat(3) { pool.withConnection { invalidate() } }
        pool.withConnection { }
        advanceTimeBy(2.seconds)
        assertEquals(
            listOf(
                "java.lang.IllegalStateException: mine",
                "java.util.concurrent.CancellationException: its own",
                "dev.wspool.internal.HookTimeoutException: onClose of ws://fake was not done within 1s",
            ),
            told,
        )
        pool.assertNothingLeft(connector)
    }
}
