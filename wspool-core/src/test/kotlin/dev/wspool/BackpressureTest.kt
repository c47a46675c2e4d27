package dev.wspool

import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnection
import dev.wspool.test.FakeConnector
import dev.wspool.transport.Capability
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/** What happens where one end does not read as fast as the other sends. */
@OptIn(ExperimentalCoroutinesApi::class)
class BackpressureTest {
    private val connector = FakeConnector(autoConnect = true)
    private val peer: FakeConnection get() = connector.connections.last()

    @Test
    fun readingStopsWhereTheReceiveBufferIsFullAndGoesOnWhereHalfIsRead() = runTest {
        val pool = poolOf(connector) { receiveBuffer = 4 }
        pool.withConnection {
            for (number in 1..3) {
                peer.receives("$number")
                assertFalse(peer.readingStopped, "after $number")
            }
            peer.receives("4")
            assertTrue(peer.readingStopped)
            peer.receives("5") // waits in the engine
            assertEquals("1", receiveText())
            assertTrue(peer.readingStopped)
            assertEquals("2", receiveText())
            assertFalse(peer.readingStopped)
            assertEquals(listOf("3", "4", "5"), List(3) { receiveText() })
        }
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aLeaseThatIsToFailIsToldOnceItHasReadWhatCameBefore() = runTest {
        val pool = poolOf(connector) {
            receiveBuffer = 2
            fullReceiveBuffer = FullReceiveBuffer.FailLease
        }
        val lease = pool.borrow()
        (1..5).forEach { peer.receives("$it") }
        assertTrue(peer.isAborted)
        assertEquals(listOf("1", "2"), List(2) { lease.receiveText() })
        val failure = assertFailsWith<ReceiveBufferFullException> { lease.receiveText() }
        assertEquals("Connection c1 to ws://fake was aborted: 2 messages were unread (receiveBuffer)", failure.message)
        lease.release()
        pool.borrow().release()
        assertEquals(2, connector.dialCount)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun anEngineThatCannotStopReadingFailsTheLeaseInAnyCase() = runTest {
        val deaf = FakeConnector(autoConnect = true).also { it.capabilities = setOf(Capability.Ping) }
        val pool = poolOf(deaf) { receiveBuffer = 2 }
        val lease = pool.borrow()
        repeat(3) { deaf.connections.last().receives("$it") }
        repeat(2) { lease.receive() }
        assertFailsWith<ReceiveBufferFullException> { lease.receive() }
        lease.release()
        pool.assertNothingLeft(deaf)
    }

    @Test
    fun aSendThatTakesTooLongFailsAndItsConnectionIsLost() = runTest {
        val pool = poolOf(connector) { sendTimeout = 3.seconds }
        val lease = pool.borrow()
        peer.sending = FakeBehavior.Never
        val failure = assertFailsWith<SendTimeoutException> { lease.send("hello") }
        assertEquals("Not sent on Connection c1 to ws://fake within 3s (sendTimeout): the peer does not read", failure.message)
        assertEquals(3_000, currentTime)
        assertTrue(peer.isAborted)
        lease.release()
        pool.withConnection { send("hello") }
        assertEquals(2, connector.dialCount)
        pool.assertNothingLeft(connector)
    }

    /** An engine may not be able to tell that the socket of a stuck writer is closed. */
    @Test
    fun whoWaitsForAMessageIsToldThatASendTookTooLong() = runTest {
        val pool = poolOf(connector) { sendTimeout = 3.seconds }
        val lease = pool.borrow()
        peer.sending = FakeBehavior.Never
        peer.confirmsAbort = false
        val waiting = async { assertFailsWith<SendTimeoutException> { lease.receive() } }
        runCurrent()
        assertFailsWith<SendTimeoutException> { lease.send("hello") }
        waiting.await()
        assertEquals(3_000, currentTime)
    }

    @Test
    fun aSendInTimeIsAsAnyOther() = runTest {
        val pool = poolOf(connector) { sendTimeout = 3.seconds }
        pool.withConnection {
            peer.sending = FakeBehavior.Slow(2.seconds)
            send("hello")
        }
        pool.withConnection { send("again") }
        assertEquals(1, connector.dialCount)
    }

    @Test
    fun whoWaitsIsToldThatAMessageWasTooBig() = runTest {
        val lease = poolOf(connector).borrow()
        val waiting = async { assertFailsWith<MessageTooBigException> { lease.receive() } }
        runCurrent()
        peer.dies(CloseInfo.MESSAGE_TOO_BIG, cause = MessageTooBigException("A message of more than 10 bytes (maxMessageSize)", 10))
        val failure = waiting.await()
        assertEquals("Connection c1 to ws://fake was lost: A message of more than 10 bytes (maxMessageSize)", failure.message)
        assertEquals(10, failure.limit)
    }
}
