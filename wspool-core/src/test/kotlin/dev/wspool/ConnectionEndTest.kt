package dev.wspool

import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnection
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** A Close frame of the user's, the end that he waits for, and the receive that does not wait. */
@OptIn(ExperimentalCoroutinesApi::class)
class ConnectionEndTest {
    private val connector = FakeConnector(autoConnect = true)
    private val peer: FakeConnection get() = connector.connections.last()

    @Test
    fun aCloseFrameHasTheUsersCodeAndReasonAndTheConnectionIsNotLentAgain() = runTest {
        val pool = poolOf(connector) { maxConnections = 1 }
        pool.withConnection {
            peer.receives("last words")
            sendClose(4000, "bye")
            assertEquals(CloseInfo(4000, "bye"), peer.closedWith)
            assertEquals("last words", receiveText(), "what had come can be received")
            assertEquals(CloseInfo(4000, "bye"), awaitEnd())
            assertEquals(4000, assertFailsWith<ConnectionLostException> { receive() }.closeInfo.code)
            sendClose()
        }
        assertEquals(0, pool.stats.idle)
        assertEquals(1, pool.withConnection { connector.connections.size - 1 })
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aCloseThatTheEngineCannotSendEndsTheConnectionAllTheSame() = runTest {
        val pool = poolOf(connector) { maxConnections = 1 }
        pool.withConnection {
            peer.closing = FakeBehavior.Fails()
            sendClose()
            assertTrue(peer.isAborted)
        }
        pool.assertNothingLeft(connector)
    }

    @Test
    fun codesAndReasonsThatMustNotBeSentAreRefused() = runTest {
        poolOf(connector).withConnection {
            for (code in listOf(0, 999, 1004, 1005, 1006, 1015, 5000)) assertFailsWith<IllegalArgumentException> { sendClose(code) }
            assertFailsWith<IllegalArgumentException> { sendClose(reason = "é".repeat(62)) }
            sendClose(reason = "é".repeat(61))
        }
    }

    @Test
    fun theEndIsWaitedForAndWhoGivesUpOwesNothing() = runTest {
        val pool = poolOf(connector) { maxConnections = 1 }
        pool.withConnection {
            val waiting = launch { awaitEnd() }
            runCurrent()
            waiting.cancelAndJoin()
        }
        assertEquals(1, pool.stats.idle)
        pool.withConnection {
            val end = async { awaitEnd() }
            runCurrent()
            peer.pongs(ByteArray(8).also { it[7] = 1 }) // a guess
            runCurrent()
            assertTrue(end.isActive)
            peer.dies()
            assertEquals(CloseInfo(1006), end.await())
            assertEquals(CloseInfo(1006), awaitEnd())
        }
        pool.assertNothingLeft(connector)
    }

    @Test
    fun whoWaitsForTheEndIsToldOfTheLeasesAndOfThePools() = runTest {
        val pool = poolOf(connector) { maxConnections = 1 }
        val lease = pool.borrow()
        val waiting = async { runCatching { lease.awaitEnd() }.exceptionOrNull() }
        runCurrent()
        lease.release()
        assertIs<LeaseReleasedException>(waiting.await())
        assertFailsWith<LeaseReleasedException> { lease.awaitEnd() }
        assertEquals(0, pool.stats.idle, "an operation was running")
        val next = pool.borrow()
        val second = async { runCatching { next.awaitEnd() }.exceptionOrNull() }
        runCurrent()
        pool.close()
        assertIs<PoolClosedException>(second.await())
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aReceiveThatDoesNotWaitLeavesTheLeaseAsItWas() = runTest {
        val pool = poolOf(connector) { maxConnections = 1 }
        lateinit var lease: Lease
        pool.withConnection {
            lease = this
            assertNull(tryReceive())
            peer.receives("one")
            assertEquals(Message.Text("one"), tryReceive())
            assertNull(tryReceive())
        }
        assertEquals(1, pool.stats.idle)
        assertFailsWith<LeaseReleasedException> { lease.tryReceive() }
        pool.withConnection {
            val waiting = launch { receive() }
            runCurrent()
            assertFailsWith<IllegalStateException> { tryReceive() }
            waiting.cancelAndJoin()
            peer.receives("two")
            peer.closes(1001)
            assertEquals(Message.Text("two"), tryReceive())
            assertFailsWith<ConnectionLostException> { tryReceive() }
        }
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aReceiveThatDoesNotWaitLetsTheReaderGoOn() = runTest {
        val pool = poolOf(connector) { receiveBuffer = 2 }
        pool.withConnection {
            repeat(4) { peer.receives("$it") }
            assertTrue(peer.readingStopped)
            assertEquals(List(4) { Message.Text("$it") }, generateSequence { tryReceive() }.toList())
        }
    }
}
