package dev.wspool

import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnection
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertSame
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/** A request that is given up, by whatever: its reply, however late it comes, reaches nobody. */
class AbandonedRequestTest {
    private val connector = FakeConnector(autoConnect = true)
    private val peer: FakeConnection get() = connector.connections.last()

    @Test
    fun aRequestGivesUpWhenItsTimeIsOverAndItsLateReplyReachesNobody() = runTest {
        val pool = poolOf(connector)
        val lease = pool.borrow()
        val first = peer
        val late = assertFailsWith<RequestTimeoutException> { lease.request("ask", 2.seconds) }
        assertEquals("No reply on Connection c1 to ws://fake within 2s", late.message)
        assertEquals(2_000, currentTime)
        first.receives("late reply")
        val next = assertFailsWith<LeaseReleasedException> { lease.request("another") }
        val why = "A request on Connection c1 to ws://fake was given up, and its reply may still come; the lease cannot be used any more"
        assertEquals(why, next.message)
        assertFailsWith<LeaseReleasedException> { lease.receive() }
        lease.release()
        assertDestroyed(pool, DestroyReason.Dirty)
        assertFalse(pool.borrow().isReused)
    }

    @Test
    fun aTimeoutSaysWhatCameInstead() = runTest {
        poolOf(connector).withConnection {
            val request = async { assertFailsWith<RequestTimeoutException> { request("ask", 2.seconds) { it == "reply" } } }
            runCurrent()
            repeat(3) { peer.receives("news") }
            val text = "No reply on Connection c1 to ws://fake within 2s; 3 other messages came"
            assertEquals(text, request.await().message)
        }
    }

    @Test
    fun aSendThatTakesTooLongCountsToo() = runTest {
        val pool = poolOf(connector)
        val lease = pool.borrow()
        peer.sending = FakeBehavior.Slow(3.seconds)
        val late = assertFailsWith<ReceiveTimeoutException> { lease.request("ask", 2.seconds) }
        assertEquals("No reply on Connection c1 to ws://fake within 2s", late.message)
        assertDestroyed(pool, DestroyReason.Dirty)
    }

    @Test
    fun aCancelledRequestLeavesItsReplyToNobody() = runTest {
        val pool = poolOf(connector)
        pool.withConnection {
            val asker = launch { request("ask") }
            runCurrent()
            asker.cancelAndJoin()
            assertFailsWith<LeaseReleasedException> { receive() }
        }
        assertDestroyed(pool, DestroyReason.Dirty)
    }

    @Test
    fun aTimeoutOfTheAskersOwnDoesSoToo() = runTest {
        val pool = poolOf(connector)
        pool.withConnection { withTimeoutOrNull(1.seconds) { request("ask") } } // the block ends well
        assertDestroyed(pool, DestroyReason.Dirty)
    }

    @Test
    fun aReplyThatComesInTheMomentOfTheCancellationReachesNobodyElse() = runTest {
        val pool = poolOf(connector)
        val lease = pool.borrow()
        val asker = async { lease.request("ask") }
        runCurrent()
        peer.receives("reply") // the asker is resumed, and has not run yet
        asker.cancel()
        assertFailsWith<CancellationException> { asker.await() }
        lease.release()
        assertDestroyed(pool, DestroyReason.Dirty)
        assertFalse(pool.borrow().isReused)
    }

    @Test
    fun aReplyThatComesInTheMomentOfTheTimeoutIsReceivedOrReachesNobody() = runTest {
        val pool = poolOf(connector)
        val lease = pool.borrow()
        val asker = async { runCatching { lease.request("ask", 1.seconds) } }
        launch {
            delay(1.seconds)
            peer.receives("reply")
        }
        val outcome = asker.await()
        lease.release()
        val isClean = pool.stats.idle == 1
        assertEquals(isClean, outcome.isSuccess, "$outcome")
        if (!isClean) assertDestroyed(pool, DestroyReason.Dirty)
    }

    @Test
    fun anAskerWhoCannotTellWhetherItIsTheReplyGivesUp() = runTest {
        val pool = poolOf(echoing())
        val lease = pool.borrow()
        val mine = IllegalStateException("mine")
        assertSame(mine, assertFailsWith<IllegalStateException> { lease.request("ask") { throw mine } })
        lease.release()
        assertDestroyed(pool, DestroyReason.Dirty)
    }

    @Test
    fun aBinaryMessageIsNoReplyToAText() = runTest {
        val pool = poolOf(FakeConnector(autoConnect = true) { peer -> peer.onSend = { peer.receives(byteArrayOf(1, 2)) } })
        val e = assertFailsWith<UnexpectedMessageException> { pool.withConnection { request("ask") { true } } }
        assertEquals("Expected a text message, got 2 bytes of binary", e.message)
        assertDestroyed(pool, DestroyReason.Dirty)
    }

    @Test
    fun aDrainThatFindsTheLateReplySavesTheConnection() = runTest {
        val pool = poolOf(connector) { unreadMessages = UnreadMessages.Drain { it == Message.Text("late reply") } }
        val lease = pool.borrow()
        assertFailsWith<RequestTimeoutException> { lease.request("ask", 1.seconds) }
        peer.receives("late reply")
        runCurrent()
        val next = pool.borrow()
        assertTrue(next.isReused)
        peer.echoes()
        assertEquals("mine", next.request("mine"))
    }

    /** A lease of another's making, as a decorator is: it has to be told in words of the interface. */
    @Test
    fun aLeaseOfAnothersMakingIsInvalidated() = runTest {
        val pool = poolOf(connector)
        val own = pool.borrow()
        val lease = object : Lease by own {}
        assertFailsWith<RequestTimeoutException> { lease.request("ask", 1.seconds) }
        assertDestroyed(pool, DestroyReason.Invalidated)
    }
}
