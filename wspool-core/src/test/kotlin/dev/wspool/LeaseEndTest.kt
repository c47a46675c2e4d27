package dev.wspool

import dev.wspool.test.FakeConnection
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/** Whoever waits in an operation of a lease is told of its end, and what has come for him in time is his. */
class LeaseEndTest {
    private val connector = FakeConnector(autoConnect = true, onConnection = FakeConnection::echoes)

    private fun TestScope.pool() =
        WebSocketPool(connector, Endpoint("ws://fake")) {
            dispatcher = StandardTestDispatcher(testScheduler)
            timeSource = testScheduler.timeSource
        }

    @Test
    fun replyTakenByItsReceiverIsNotUnsolicited() = runTest {
        connector.onConnection = {}
        val pool = pool()
        val caller = async(Dispatchers.Unconfined) { pool.withConnection { receiveText() } }
        runCurrent()
        connector.connections.single().receives("reply")
        assertEquals("reply", caller.await())
        runCurrent()
        assertEquals(emptyMap(), pool.stats.destroyed)
        assertEquals(1, pool.stats.idle)
    }

    @Test
    fun closeEndsAWaitingReceiverAlsoWhereTheEngineIsSilent() = runTest {
        connector.onConnection = {
            it.answersClose = false
            it.confirmsAbort = false
        }
        val pool = pool()
        val lease = pool.borrow()
        val receiver = async { runCatching { lease.receive() }.exceptionOrNull() }
        runCurrent()
        pool.close()
        pool.awaitClosed()
        advanceTimeBy(60.seconds)
        runCurrent()
        val done = receiver.isCompleted
        receiver.cancel()
        assertTrue(done, "receive() hangs for ever after close(); stats ${pool.stats}")
    }

    @Test
    fun detachEndsAWaitingReceiver() = runTest {
        connector.onConnection = {}
        val pool = pool()
        val lease = pool.borrow()
        val old = async { runCatching { lease.receiveText() } }
        runCurrent()
        val mine = lease.detach()
        runCurrent()
        val fresh = async { runCatching { mine.receiveText() } }
        runCurrent()
        connector.connections.single().receives("for the new owner")
        runCurrent()
        val texts = "old ${old.await()}, new ${fresh.await()}"
        mine.release()
        assertTrue(old.await().exceptionOrNull() is LeaseReleasedException, texts)
    }

    @Test
    fun receiveWithZeroTakesWhatIsThere() = runTest {
        val pool = pool()
        pool.withConnection {
            send("there")
            assertTrue(runCatching { receiveText(0.seconds) }.isSuccess, "a queued message is not taken")
        }
    }
}
