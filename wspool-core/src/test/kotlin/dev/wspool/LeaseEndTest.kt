package dev.wspool

import dev.wspool.test.FakeConnection
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Runnable
import kotlinx.coroutines.async
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.coroutines.CoroutineContext
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotEquals
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

    /** He runs where its dial does, before the dial is through. */
    @Test
    fun connectionThatHasEndedInTheHandsOfItsFirstUserIsNotLentAgain() = runTest {
        connector.onConnection = { peer -> peer.onSend = { peer.closes(4001, "enough of it") } }
        val pool = pool()
        val caller = async(AtOnce) {
            val first = pool.withConnection {
                send("enough")
                assertFailsWith<ConnectionLostException> { receive() }
                id
            }
            pool.withConnection { assertNotEquals(first, id) }
        }
        runCurrent()
        caller.await()
        assertEquals(mapOf(DestroyReason.Lost to 1L), pool.stats.destroyed)
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

    /** Runs whatever is dispatched on the thread that dispatches it. */
    private object AtOnce : CoroutineDispatcher() {
        override fun dispatch(context: CoroutineContext, block: Runnable) = block.run()
    }
}
