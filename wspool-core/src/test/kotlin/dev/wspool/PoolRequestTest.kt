package dev.wspool

import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnection
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** A question to a pool: it borrows, asks, and returns; and where it may, asks a second time. */
class PoolRequestTest {
    private val connector = FakeConnector(autoConnect = true)
    private val peer: FakeConnection get() = connector.connections.last()

    /** The peer of the first connection answers once, and then does as [afterwards] says; all later ones echo. */
    private fun staleAfterOne(afterwards: (FakeConnection) -> Unit) {
        var dials = 0
        connector.onConnection = { peer ->
            peer.echoes()
            if (++dials == 1) {
                peer.onSend = {
                    peer.receives(it)
                    peer.onSend = { afterwards(peer) }
                }
            }
        }
    }

    @Test
    fun itBorrowsAsksAndReturns() = runTest {
        val pool = poolOf(echoing())
        assertEquals("1", pool.request("1"))
        assertEquals(Message.Text("2"), pool.request(Message.Text("2"), 1.seconds) { it == Message.Text("2") })
        assertEquals(1, pool.stats.idle)
        assertEquals(1, pool.stats.reused)
    }

    @Test
    fun theTimeIsForTheWaitAndTheReplyTogether() = runTest {
        connector.connecting = FakeBehavior.Slow(2.seconds)
        val pool = poolOf(connector)
        val late = assertFailsWith<RequestTimeoutException> { pool.request("ask", 3.seconds) }
        assertEquals("No reply on Connection c1 to ws://fake within 1s", late.message)
        assertEquals(3_000, currentTime)
        val none = assertFailsWith<BorrowTimeoutException> { pool.request("ask", 1.seconds) }
        assertEquals("No connection to ws://fake within 1s", none.message!!.substringBefore(": "))
        assertEquals(4_000, currentTime)
    }

    @Test
    fun itWaitsForAConnectionNoLongerThanEveryBorrower() = runTest {
        connector.connecting = FakeBehavior.Never
        val pool = poolOf(connector) { borrowTimeout = 2.seconds }
        for (timeout in listOf(Duration.INFINITE, 9.seconds)) {
            val begun = currentTime
            assertFailsWith<BorrowTimeoutException> { pool.request("ask", timeout) }
            assertEquals(2_000, currentTime - begun)
        }
    }

    @Test
    fun whatIsGivenUpIsClosed() = runTest {
        val pool = poolOf(connector)
        assertFailsWith<RequestTimeoutException> { pool.request("ask", 1.seconds) }
        val asker = async { pool.request("ask") }
        runCurrent()
        asker.cancelAndJoin()
        assertFailsWith<IllegalArgumentException> { pool.request("ask", Duration.ZERO) }
        connector.onConnection = { it.echoes() }
        assertFailsWith<IllegalStateException> { pool.request("ask") { error("mine") } }
        runCurrent()
        assertEquals(mapOf(DestroyReason.Dirty to 3L), pool.stats.destroyed)
        pool.assertNothingLeft(connector)
    }

    // ---- a stale connection --------------------------------------------------------------------------------------------

    @Test
    fun whoDoesNotAskForItIsNotServedTwice() = runTest {
        staleAfterOne { it.dies() }
        val pool = poolOf(connector)
        pool.request("1")
        assertFailsWith<ConnectionLostException> { pool.request("2") }
        assertEquals(1, connector.dialCount)
    }

    @Test
    fun aReusedConnectionThatIsLostWithoutAWordIsReplacedByAFreshOne() = runTest {
        val losses = listOf<(FakeConnection) -> Unit>({ it.dies() }, { it.closes(1001) }, { it.closes(1011) })
        for (loss in losses) {
            staleAfterOne(loss)
            val pool = poolOf(connector)
            pool.request("1")
            assertEquals("2", pool.request("2", 1.seconds, retryStale = true))
            assertEquals(listOf<Message>(Message.Text("2")), peer.sent)
            assertEquals(1, pool.stats.idle)
            pool.assertSound()
        }
    }

    @Test
    fun aSendThatFailsOnAReusedConnectionIsRetriedToo() = runTest {
        staleAfterOne { }
        val pool = poolOf(connector)
        pool.request("1")
        peer.sending = FakeBehavior.Fails()
        assertEquals("2", pool.request("2", retryStale = true))
        assertEquals(2, connector.dialCount)
    }

    @Test
    fun aStreamIsRetriedBeforeItsFirstAnswer() = runTest {
        staleAfterOne { it.dies() }
        val pool = poolOf(connector)
        pool.request("1")
        val answers = ArrayList<String>()
        pool.requestStream("2", retryStale = true) { true }.collect { answers += it }
        assertEquals(listOf("2"), answers)
        assertEquals(1, pool.stats.idle)
    }

    @Test
    fun theSecondAttemptNeverMeetsAnotherConnectionThatHasBeenLent() = runTest {
        val pool = poolOf(connector) { maxConnections = 2 }
        List(2) { pool.borrow() }.forEach(Lease::release)
        val (first, second) = connector.connections
        for (peer in listOf(first, second)) peer.onSend = { peer.dies() }
        connector.onConnection = { it.echoes() }
        assertEquals("ask", pool.request("ask", retryStale = true))
        assertEquals(3, connector.dialCount)
        assertEquals(1, first.sent.size + second.sent.size)
    }

    @Test
    fun aFreshConnectionIsNeverRetried() = runTest {
        connector.onConnection = { peer -> peer.onSend = { peer.dies() } }
        val pool = poolOf(connector)
        assertFailsWith<ConnectionLostException> { pool.request("ask", retryStale = true) }
        assertEquals(1, connector.dialCount)
    }

    @Test
    fun afterAMessageNothingIsRetriedBeItTheReplyOrNot() = runTest {
        staleAfterOne {
            it.receives("news")
            it.dies()
        }
        val pool = poolOf(connector)
        pool.request("1")
        assertFailsWith<ConnectionLostException> { pool.request("2", retryStale = true) { it != "news" } }
        assertEquals(1, connector.dialCount)
    }

    @Test
    fun itIsNeverRetriedTwiceAndTheFirstLossIsTold() = runTest {
        staleAfterOne { it.dies(reason = "") }
        val pool = poolOf(connector)
        pool.request("1")
        val echoing = connector.onConnection
        connector.onConnection = { peer ->
            echoing(peer)
            peer.onSend = { peer.closes(1012) }
        }
        val e = assertFailsWith<ConnectionLostException> { pool.request("2", retryStale = true) }
        assertEquals("Connection c2 to ws://fake was lost: close code 1012", e.message)
        assertEquals("Connection c1 to ws://fake was lost: close code 1006", e.suppressed.single().message)
        assertEquals(2, connector.dialCount)
    }

    @Test
    fun whereThereIsNoSecondConnectionTheFirstLossIsToldToo() = runTest {
        staleAfterOne { it.dies() }
        val pool = poolOf(connector)
        pool.request("1")
        connector.connecting = FakeBehavior.Never
        val e = assertFailsWith<BorrowTimeoutException> { pool.request("2", 2.seconds, retryStale = true) }
        assertIs<ConnectionLostException>(e.suppressed.single())
        assertEquals(2_000, currentTime, "both attempts have the time together")
    }

    @Test
    fun whatIsGivenUpIsNotRetried() = runTest {
        staleAfterOne { }
        val pool = poolOf(connector)
        pool.request("1")
        assertFailsWith<RequestTimeoutException> { pool.request("2", 1.seconds, retryStale = true) }
        assertEquals(1, connector.dialCount)
    }

    @Test
    fun whoIsCancelledInTheSecondAttemptLeavesNothing() = runTest {
        staleAfterOne { it.dies() }
        val pool = poolOf(connector)
        pool.request("1")
        connector.connecting = FakeBehavior.Slow(1.seconds)
        val asker = async { pool.request("2", retryStale = true) }
        runCurrent()
        assertEquals(1, connector.pendingDials)
        asker.cancelAndJoin()
        finish(pool)
    }

    private suspend fun TestScope.finish(pool: WebSocketPool) {
        runCurrent()
        pool.assertSound()
        pool.assertNothingLeft(connector)
    }
}
