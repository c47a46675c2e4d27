package dev.wspool

import dev.wspool.internal.RealPool
import dev.wspool.test.FakeConnection
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/** Whoever waits in an operation of a lease is told of its end; a connection that was taken out of the pool lives on. */
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
    fun collectorLearnsThatThePoolWasClosed() = runTest {
        val pool = pool()
        val lease = pool.borrow()
        val outcome = async { runCatching { lease.messages.toList() } }
        runCurrent()
        pool.close()
        pool.awaitClosed()
        runCurrent()
        assertTrue(outcome.await().exceptionOrNull() is PoolClosedException, "got ${outcome.await()}")
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
    fun detachWhileDrainingKeepsTheConnector() = runTest {
        val config = PoolConfig.Builder().apply {
            dispatcher = StandardTestDispatcher(testScheduler)
            timeSource = testScheduler.timeSource
        }.build()
        val pool = RealPool(Endpoint("ws://fake"), config, connector, ownsConnector = true)
        val lease = pool.borrow()
        launch { pool.drain(10.seconds) }
        runCurrent()
        val mine = lease.detach()
        val closedTooEarly = connector.closeCount
        runCurrent()
        mine.release()
        runCurrent()
        assertEquals("0 before, 1 after", "$closedTooEarly before, ${connector.closeCount} after")
    }

    @Test
    fun detachWhileDrainingKeepsTheConnection() = runBlocking {
        var killed = 0
        repeat(500) {
            val connector = FakeConnector(autoConnect = true)
            val pool = WebSocketPool(connector, Endpoint("ws://fake"))
            val lease = pool.borrow()
            val drain = launch(Dispatchers.Default) { pool.drain(10.seconds) }
            while (runCatching { pool.borrow(0.seconds) }.exceptionOrNull() !is PoolClosedException) Thread.yield()
            val mine = lease.detach()
            drain.join()
            Thread.yield()
            if (connector.openConnections == 0) killed++
            mine.release()
        }
        assertEquals(0, killed, "detached connections aborted by their own guard")
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
