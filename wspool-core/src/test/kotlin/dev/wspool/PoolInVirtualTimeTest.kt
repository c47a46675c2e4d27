package dev.wspool

import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnection
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Test
import java.io.IOException
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** The pool as its user sees it, from the first borrow to the last socket, on a connector that the test plays. */
class PoolInVirtualTimeTest {
    private val connector = FakeConnector(autoConnect = true, onConnection = FakeConnection::echoes)

    private fun TestScope.pool(configure: PoolConfig.Builder.() -> Unit = {}) =
        WebSocketPool(connector, Endpoint("ws://fake/prices?token=hush-hush")) {
            dispatcher = StandardTestDispatcher(testScheduler)
            timeSource = testScheduler.timeSource
            configure()
        }

    @Test
    fun connectionIsLentAgain() = runTest {
        val pool = pool()
        assertEquals("one", pool.withConnection { send("one").let { receiveText() } })
        assertTrue(pool.withConnection { isReused })
        assertEquals(1, connector.dialCount)
        assertEquals(1, pool.stats.reused)
        pool.drain(1.seconds)
    }

    @Test
    fun callerWaitsUntilALeaseComesBack() = runTest {
        val pool = pool { maxConnections = 1 }
        val lease = pool.borrow()
        val waiter = async { pool.withConnection { id } }
        runCurrent()
        assertEquals(1, pool.stats.waiting)
        lease.release()
        assertEquals(lease.id, waiter.await())
        pool.close()
        pool.awaitClosed()
        assertEquals(0, connector.openConnections)
    }

    @Test
    fun timeoutSaysWhatThePoolWasDoing() = runTest {
        val pool = pool { maxConnections = 1 }
        pool.borrow()
        val failure = assertFailsWith<BorrowTimeoutException> { pool.borrow(3.seconds) }
        assertEquals(
            "No connection to ws://fake/prices within 3s: 1 of 1 leased (maxConnections), 0 connecting, 0 waiting. " +
                "Longest lease: 2s. Last connect failure: none.",
            failure.message,
        )
        pool.close()
    }

    @Test
    fun idleConnectionIsClosedInTheEnd() = runTest {
        val pool = pool { maxIdleTime = 1.minutes }
        pool.withConnection { }
        advanceTimeBy(62.seconds)
        assertEquals(mapOf(DestroyReason.IdleTooLong to 1L), pool.stats.destroyed)
        assertEquals(0, connector.openConnections)
        pool.close()
    }

    @Test
    fun failedDialIsTriedAgain() = runTest {
        val pool = pool()
        connector.autoConnect = false
        val reply = async { pool.withConnection { send("late").let { receiveText() } } }
        connector.awaitConnect().refuse()
        connector.awaitConnect().succeed()
        assertEquals("late", reply.await())
        pool.close()
    }

    @Test
    fun permanentFailureIsToldAtOnce() = runTest {
        val pool = pool()
        connector.autoConnect = false
        launch { connector.awaitConnect().refuse(HandshakeFailedException("no", status = 401)) }
        assertEquals(401, assertFailsWith<HandshakeFailedException> { pool.borrow() }.status)
        pool.close()
    }

    @Test
    fun leaseEndsOnce() = runTest {
        val pool = pool()
        val lease = pool.borrow()
        val receiver = async { runCatching { lease.receive() }.exceptionOrNull() }
        runCurrent()
        lease.release()
        lease.release()
        assertTrue(receiver.await() is LeaseReleasedException)
        assertFailsWith<LeaseReleasedException> { lease.send("x") }
        assertEquals(mapOf(DestroyReason.Dirty to 1L), pool.stats.destroyed.also { runCurrent() }.ifEmpty { pool.stats.destroyed })
        pool.close()
    }

    @Test
    fun detachedConnectionOutlivesThePool() = runTest {
        val pool = pool()
        val lease = pool.borrow()
        assertEquals(Duration.ZERO, lease.ping())
        val mine = lease.detach()
        pool.drain(1.seconds)
        mine.send("still here")
        assertEquals("still here", mine.receiveText())
        mine.release()
        runCurrent()
        assertEquals(0, connector.openConnections)
    }

    @Test
    fun nothingIsLentWithoutWaitingWhereNothingIsIdle() = runTest {
        val pool = pool()
        assertNull(pool.tryBorrow())
        assertEquals(0, connector.dialCount)
        pool.close()
    }

    @Test
    fun closedPoolLendsNothing() = runTest {
        val pool = pool()
        val lease = pool.borrow()
        pool.close()
        assertEquals("The pool for ws://fake/prices is closed", assertFailsWith<PoolClosedException> { lease.send("x") }.message)
        assertFailsWith<PoolClosedException> { pool.borrow() }
        lease.release()
        pool.awaitClosed()
        assertEquals(1001, connector.connections.single().closedWith?.code)
    }

    @Test
    fun leaseSendsAndReceivesBothKinds() = runTest {
        val pool = pool()
        pool.withConnection(1.seconds) {
            send(byteArrayOf(1, 2))
            assertEquals(2, receiveBinary(1.seconds).size)
            send(Message.Text("t"))
            assertEquals("t", receiveText(1.seconds))
            send("wrong kind")
            assertFailsWith<UnexpectedMessageException> { receiveBinary() }
            assertFailsWith<ReceiveTimeoutException> { receive(1.seconds) }
            send(byteArrayOf(1))
            assertFailsWith<UnexpectedMessageException> { receiveText() }
        }
        assertEquals(1, pool.stats.idle)
        pool.close()
    }

    @Test
    fun messagesEndWhenThePeerClosesNormally() = runTest {
        val pool = pool()
        pool.withConnection {
            val connection = connector.connections.single()
            repeat(3) { connection.receives("m$it") }
            connection.closes(1001)
            assertEquals(3, messages.toList().size)
            assertEquals(1001, closeInfo?.code)
        }
        assertFailsWith<ConnectionLostException> {
            pool.withConnection {
                connector.connections.last().dies()
                messages.toList()
            }
        }
        assertEquals(mapOf(DestroyReason.Lost to 2L), pool.stats.destroyed)
        pool.close()
    }

    @Test
    fun readerIsStoppedWhenMessagesPileUp() = runTest {
        val pool = pool()
        pool.withConnection {
            val connection = connector.connections.single()
            repeat(100) { connection.receives("m$it") }
            assertTrue(connection.readingStopped)
            repeat(100) { assertEquals("m$it", receiveText()) }
        }
        assertEquals(1, pool.stats.idle)
        pool.close()
    }

    @Test
    fun blockThatThrowsCostsTheConnection() = runTest {
        val pool = pool()
        assertFailsWith<IllegalStateException> { pool.withConnection { error("oops") } }
        pool.borrow().invalidate("a reason")
        runCurrent()
        assertEquals(mapOf(DestroyReason.Dirty to 1L, DestroyReason.Invalidated to 1L), pool.stats.destroyed)
        pool.close()
    }

    @Test
    fun statsComeAsAFlow() = runTest {
        val pool = pool()
        assertEquals(2, pool.statsFlow(1.seconds).take(2).toList().size)
        assertTrue("0 of 10 connections" in pool.stats.toString())
        pool.close()
    }

    @Test
    fun cancelledParentClosesThePool() = runTest {
        val parent = CoroutineScope(Job())
        val pool = pool { this.parent = parent }
        pool.withConnection { }
        parent.cancel()
        pool.awaitClosed()
        assertEquals(0, connector.openConnections)
    }

    @Test
    fun cancelledReceiveLosesNothing() = runTest {
        val pool = pool()
        pool.withConnection {
            val receiver = launch { receive() }
            runCurrent()
            connector.connections.single().receives("first")
            receiver.cancel()
            runCurrent()
            val another = launch { receive() }
            runCurrent()
            assertTrue(another.isCompleted)
            val waiting = launch { receive() }
            runCurrent()
            assertFailsWith<IllegalStateException> { receive() }
            waiting.cancel()
        }
        runCurrent()
        assertEquals(mapOf(DestroyReason.Dirty to 1L), pool.stats.destroyed)
        pool.close()
    }

    @Test
    fun failedSendSaysThatTheConnectionIsLost() = runTest {
        val pool = pool()
        connector.onConnection = { it.sending = FakeBehavior.Fails { IOException("token=hush-hush") } }
        val failure = assertFailsWith<ConnectionLostException> { pool.withConnection { send("x") } }
        assertEquals("Connection c1 to ws://fake/prices failed: close code 1006", failure.message)
        assertFalse("hush" in failure.stackTraceToString())
        pool.close()
    }

    @Test
    fun manyCallersOnFewConnections() = runTest {
        val pool = WebSocketPool(connector, Endpoint("ws://fake")) { maxConnections = 4 }
        withContext(Dispatchers.Default) {
            repeat(64) { launch { repeat(2_000) { pool.withConnection { yield() } } } }
        }
        assertEquals(64 * 2_000L, pool.stats.borrows)
        assertEquals(4, connector.mostAtOnce)
        pool.close()
        pool.awaitClosed()
    }
}
