package dev.wspool

import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnection
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.async
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** A question on a lease, and its reply. */
class RequestTest {
    private val connector = FakeConnector(autoConnect = true)
    private val peer: FakeConnection get() = connector.connections.last()

    @Test
    fun theReplyIsTheFirstMessageThatComesAfterTheQuestion() = runTest {
        val pool = poolOf(echoing())
        pool.withConnection {
            assertEquals("how much?", request("how much?"))
            assertEquals(Message.Binary(byteArrayOf(1)), request(Message.Binary(byteArrayOf(1)), 1.seconds))
        }
        assertEquals(1, pool.stats.idle)
        assertTrue(pool.borrow().isReused)
    }

    @Test
    fun whatIsNotTheReplyIsShownToTheAskerAndDropped() = runTest {
        val pool = poolOf(connector)
        pool.withConnection {
            val shown = ArrayList<String>()
            val reply = async {
                request("ask") {
                    shown += it
                    it == "reply"
                }
            }
            runCurrent()
            for (text in listOf("news 1", "news 2", "reply", "news 3")) peer.receives(text)
            assertEquals("reply", reply.await())
            assertEquals(listOf("news 1", "news 2", "reply"), shown)
            assertEquals("news 3", receiveText())
        }
        assertEquals(1, pool.stats.idle)
    }

    @Test
    fun whatCameBeforeTheQuestionIsNotItsReply() = runTest {
        for (unread in listOf(1, 5)) { // of five the reader has been stopped
            val pool = poolOf(connector) { receiveBuffer = 2 }
            pool.withConnection {
                repeat(unread) { peer.receives("of before") }
                val reply = async { request("ask") }
                runCurrent()
                assertEquals(Message.Text("ask"), peer.sent.single())
                peer.receives("reply")
                assertEquals("reply", reply.await())
            }
            assertEquals(1, pool.stats.idle)
        }
    }

    @Test
    fun aRequestWithoutTimeIsAMistake() = runTest {
        poolOf(connector).withConnection {
            for (timeout in listOf(Duration.ZERO, (-1).seconds)) {
                val e = assertFailsWith<IllegalArgumentException> { request("ask", timeout) }
                assertEquals("timeout must be positive, not $timeout", e.message)
            }
            assertEquals(emptyList(), peer.sent)
        }
    }

    @Test
    fun aSendThatFailsAsksNothingAndTheLeaseIsDirty() = runTest {
        val pool = poolOf(connector)
        val lease = pool.borrow()
        peer.sending = FakeBehavior.Fails { MessageTooBigException("3 bytes are too many", 2) }
        repeat(2) { assertFailsWith<MessageTooBigException> { lease.request("ask", 1.seconds) } } // and no request is open
        peer.sending = FakeBehavior.Works
        peer.echoes()
        assertEquals("short", lease.request("short"))
        lease.release()
        assertDestroyed(pool, DestroyReason.Dirty)
    }

    @Test
    fun aLostConnectionIsToldAsByAReceive() = runTest {
        val pool = poolOf(connector)
        val lease = pool.borrow()
        val asker = async { assertFailsWith<ConnectionLostException> { lease.request("ask", 1.seconds) } }
        runCurrent()
        peer.closes(1011, "oops")
        assertEquals("Connection c1 to ws://fake was lost: close code 1011 \"oops\"", asker.await().message)
        assertFailsWith<ConnectionLostException> { lease.request("again") } // rather than that a request was given up
        lease.release()
        assertDestroyed(pool, DestroyReason.Lost)
    }

    @Test
    fun aPoolThatIsClosedMeanwhileIsToldOf() = runTest {
        val pool = poolOf(connector)
        val lease = pool.borrow()
        val asker = async { assertFailsWith<PoolClosedException> { lease.request("ask", 1.seconds) } }
        runCurrent()
        pool.close()
        assertEquals("The pool for ws://fake is closed", asker.await().message)
        assertFailsWith<PoolClosedException> { lease.request("again") }
        lease.release()
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aLeaseThatIsReleasedMeanwhileIsDirty() = runTest {
        val pool = poolOf(connector)
        val lease = pool.borrow()
        val asker = async { assertFailsWith<LeaseReleasedException> { lease.request("ask") } }
        runCurrent()
        lease.release()
        assertEquals("Connection c1 to ws://fake was released; the lease cannot be used any more", asker.await().message)
        assertDestroyed(pool, DestroyReason.Dirty)
    }

    @Test
    fun twoRequestsAtOnceAreAMistakeThatHarmsNobody() = runTest {
        val pool = poolOf(connector)
        pool.withConnection {
            val first = async { request("first") }
            runCurrent()
            val second = assertFailsWith<IllegalStateException> { request("second") }
            assertEquals("Another request of this lease is open: one at a time", second.message)
            peer.receives("reply")
            val ofBetween = assertFailsWith<IllegalStateException> { request("second") } // the first has its reply, and has not run yet
            assertEquals("Another request of this lease is open: one at a time", ofBetween.message)
            assertEquals("reply", first.await())
            assertEquals(listOf<Message>(Message.Text("first")), peer.sent)
        }
        assertEquals(1, pool.stats.idle)
    }

    @Test
    fun aRequestBesideAReceiveIsAMistakeThatHarmsNobody() = runTest {
        val pool = poolOf(connector)
        pool.withConnection {
            val receiver = async { receiveText() }
            runCurrent()
            val e = assertFailsWith<IllegalStateException> { request("ask") }
            assertEquals("A receive of this lease is waiting: the request would take its message", e.message)
            assertEquals(emptyList(), peer.sent)
            peer.receives("for the receiver")
            assertEquals("for the receiver", receiver.await())
            val reply = async { request("ask") }
            runCurrent()
            peer.receives("reply")
            assertEquals("reply", reply.await())
        }
        assertEquals(1, pool.stats.idle)
    }

    @Test
    fun aRequestThatIsBeingSentIsOpenToo() = runTest {
        val pool = poolOf(connector)
        pool.withConnection {
            peer.sending = FakeBehavior.Slow(10.milliseconds)
            val first = async { request("first") }
            runCurrent()
            val second = assertFailsWith<IllegalStateException> { request("second") }
            assertEquals("Another request of this lease is open: one at a time", second.message)
            peer.awaitSent()
            peer.receives("reply")
            assertEquals("reply", first.await())
        }
        assertEquals(1, pool.stats.idle)
    }

    @Test
    fun aDetachedLeaseAsksAsWell() = runTest {
        val pool = poolOf(echoing())
        val lease = pool.borrow().detach()
        assertEquals("ask", lease.request("ask"))
        lease.release()
    }

    @Test
    fun aHookMayAsk() = runTest {
        val pool = poolOf(echoing()) {
            onConnect { attributes["user"] = request("login") }
            onReturn { request("reset") == "reset" }
        }
        assertEquals("login", pool.withConnection { attributes["user"] })
        runCurrent()
        assertTrue(pool.borrow().isReused)
    }
}
