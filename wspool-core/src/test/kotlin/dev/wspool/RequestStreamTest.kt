package dev.wspool

import app.cash.turbine.test
import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnection
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** One question and many answers: whoever leaves before the last leaves the rest to nobody. */
class RequestStreamTest {
    private val connector = FakeConnector(autoConnect = true)
    private val peer: FakeConnection get() = connector.connections.last()

    /** A peer that answers each question with these. */
    private fun answering(vararg answers: String) {
        connector.onConnection = { peer -> peer.onSend = { answers.forEach(peer::receives) } }
    }

    private fun WebSocketPool.tokens(): Flow<String> = requestStream("a story") { it == "end" }

    private fun TestScope.assertDirty(pool: WebSocketPool) {
        runCurrent()
        assertEquals(mapOf(DestroyReason.Dirty to 1L), pool.stats.destroyed)
        pool.assertSound()
    }

    @Test
    fun theAnswersComeUpToAndWithTheLastAndTheConnectionIsLentAgain() = runTest {
        answering("once", "upon", "end")
        val pool = poolOf(connector)
        pool.tokens().test {
            assertEquals("once", awaitItem())
            assertEquals("upon", awaitItem())
            assertEquals("end", awaitItem())
            awaitComplete()
        }
        assertEquals(1, pool.stats.idle)
        assertTrue(pool.borrow().isReused)
    }

    @Test
    fun whatIsNoAnswerIsDropped() = runTest {
        answering("news: rain", "once", "news: sun", "end")
        val pool = poolOf(connector)
        pool.requestStream("a story", isReply = { !it.startsWith("news") }, isLast = { it == "end" }).test {
            assertEquals("once", awaitItem())
            assertEquals("end", awaitItem())
            awaitComplete()
        }
        assertEquals(1, pool.stats.idle)
    }

    @Test
    fun messagesOfEachKindMayAnswer() = runTest {
        val frames = listOf(Message.Text("2 frames"), Message.Binary(byteArrayOf(1)), Message.Binary(byteArrayOf(2)))
        connector.onConnection = { peer -> peer.onSend = { frames.forEach(peer::receives) } }
        val pool = poolOf(connector)
        pool.requestStream(Message.Text("frames")) { it == frames.last() }.test {
            for (frame in frames) assertEquals(frame, awaitItem())
            awaitComplete()
        }
        pool.withConnection {
            requestStream(Message.Text("frames")) { it == frames.last() }.test {
                for (frame in frames) assertEquals(frame, awaitItem())
                awaitComplete()
            }
        }
        assertEquals(1, pool.stats.idle)
    }

    @Test
    fun eachCollectionAsksAnew() = runTest {
        answering("end")
        val pool = poolOf(connector)
        val stream = pool.tokens()
        runCurrent()
        assertEquals(0, connector.dialCount)
        repeat(2) { assertEquals(listOf("end"), stream.toList()) }
        assertEquals(listOf<Message>(Message.Text("a story"), Message.Text("a story")), peer.sent)
    }

    @Test
    fun whoTakesFewerThanThereAreClosesTheConnection() = runTest {
        answering("once", "upon", "end")
        for (leaves in listOf<suspend (Flow<String>) -> Unit>({ it.first() }, { it.take(2).toList() })) {
            val pool = poolOf(connector)
            leaves(pool.tokens())
            assertDirty(pool)
            assertFalse(pool.borrow().isReused)
        }
    }

    @Test
    fun whoTakesAsManyAsThereAreDoesNot() = runTest {
        answering("once", "end")
        val pool = poolOf(connector)
        assertEquals(listOf("once", "end"), pool.tokens().take(2).toList())
        assertEquals(1, pool.stats.idle)
    }

    @Test
    fun whoIsCancelledBetweenTwoClosesTheConnection() = runTest {
        answering("once")
        val pool = poolOf(connector)
        pool.tokens().test {
            assertEquals("once", awaitItem())
            expectNoEvents()
            cancel()
        }
        assertDirty(pool)
    }

    @Test
    fun whoIsCancelledBeforeTheFirstClosesTheConnection() = runTest {
        val pool = poolOf(connector)
        pool.tokens().test {
            runCurrent()
            assertEquals(Message.Text("a story"), peer.sent.single())
            cancel()
        }
        assertDirty(pool)
    }

    @Test
    fun whoIsCancelledWhileHeWaitsForAConnectionLeavesNothing() = runTest {
        connector.autoConnect = false
        val pool = poolOf(connector)
        pool.tokens().test {
            connector.awaitConnect().also { cancel() }.succeed()
        }
        runCurrent()
        assertEquals(1, pool.stats.idle)
        pool.assertSound()
    }

    @Test
    fun aCollectorThatThrowsClosesTheConnectionAndIsHeard() = runTest {
        answering("once", "upon", "end")
        val pool = poolOf(connector)
        val e = assertFailsWith<IllegalStateException> { pool.tokens().collect { error("mine") } }
        assertEquals("mine", e.message)
        assertDirty(pool)
    }

    @Test
    fun aCollectorThatThrowsAtTheLastDoesNot() = runTest {
        answering("end")
        val pool = poolOf(connector)
        assertFailsWith<IllegalStateException> { pool.tokens().collect { error("mine") } }
        assertEquals(1, pool.stats.idle)
    }

    @Test
    fun theConnectionIsBackBeforeTheCollectorHasDoneWithTheLast() = runTest {
        answering("once", "end")
        val pool = poolOf(connector) { maxConnections = 1 }
        val leased = ArrayList<Int>()
        pool.tokens().collect { leased += pool.stats.leased }
        assertEquals(listOf(1, 0), leased)
    }

    @Test
    fun theNextAnswerMayNotTakeTooLong() = runTest {
        answering("once")
        val pool = poolOf(connector)
        pool.requestStream("a story", 2.seconds) { it == "end" }.test(timeout = Duration.INFINITE) {
            assertEquals("once", awaitItem())
            val late = assertIs<RequestTimeoutException>(awaitError())
            assertEquals("No further reply (after 1) on Connection c1 to ws://fake within 2s", late.message)
        }
        assertDirty(pool)
    }

    @Test
    fun aStreamWithoutTimeIsAMistake() = runTest {
        val e = assertFailsWith<IllegalArgumentException> { poolOf(connector).requestStream("a story", Duration.ZERO) { true } }
        assertEquals("timeout must be positive, not 0s", e.message)
        assertFailsWith<IllegalArgumentException> { poolOf(connector).borrow().requestStream("a story", Duration.ZERO) { true } }
    }

    @Test
    fun anIsLastThatThrowsClosesTheConnection() = runTest {
        answering("once")
        val pool = poolOf(connector)
        pool.requestStream("a story") { error("mine") }.test { assertEquals("mine", awaitError().message) }
        assertDirty(pool)
    }

    @Test
    fun aConnectionThatIsLostInBetweenIsTold() = runTest {
        answering("once")
        val pool = poolOf(connector)
        pool.requestStream("a story", retryStale = true) { it == "end" }.test {
            assertEquals("once", awaitItem())
            peer.closes(1001) // normal, but not the end of the answer
            assertIs<ConnectionLostException>(awaitError())
        }
        assertEquals(mapOf(DestroyReason.Lost to 1L), pool.stats.destroyed)
        assertEquals(1, connector.dialCount)
    }

    @Test
    fun aSendThatFailsIsTold() = runTest {
        connector.onConnection = { it.sending = FakeBehavior.Fails() }
        val pool = poolOf(connector)
        pool.tokens().test { assertIs<ConnectionLostException>(awaitError()) }
        assertEquals(mapOf(DestroyReason.Lost to 1L), pool.stats.destroyed)
    }

    @Test
    fun aPoolThatIsClosedMeanwhileIsTold() = runTest {
        answering("once")
        val pool = poolOf(connector)
        pool.tokens().test {
            assertEquals("once", awaitItem())
            pool.close()
            assertEquals("The pool for ws://fake is closed", assertIs<PoolClosedException>(awaitError()).message)
        }
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aStreamOfALeaseThatIsLeftEndsTheLease() = runTest {
        answering("once")
        val pool = poolOf(connector)
        pool.withConnection {
            requestStream("a story") { it == "end" }.test {
                assertEquals("once", awaitItem())
                cancel()
            }
            val e = assertFailsWith<LeaseReleasedException> { request("more") }
            val why = "was given up, and its reply may still come; the lease cannot be used any more"
            assertEquals("A request on Connection c1 to ws://fake $why", e.message)
        }
        assertDirty(pool)
    }

    @Test
    fun aLeaseThatIsReleasedBetweenTwoAnswersIsDirty() = runTest {
        answering("once", "upon")
        val pool = poolOf(connector)
        val lease = pool.borrow()
        lease.requestStream("a story") { it == "end" }.test {
            assertEquals("once", awaitItem())
            assertEquals("upon", awaitItem())
            lease.release()
            assertIs<LeaseReleasedException>(awaitError())
        }
        assertDirty(pool)
    }

    @Test
    fun whileTheCollectorIsAtAnAnswerTheRequestIsOpen() = runTest {
        answering("once")
        val pool = poolOf(connector)
        val lease = pool.borrow()
        val collecting = launch { lease.requestStream("a story") { it == "end" }.collect { awaitCancellation() } }
        runCurrent()
        val second = assertFailsWith<IllegalStateException> { lease.request("another") }
        assertEquals("Another request of this lease is open: one at a time", second.message)
        lease.release() // nothing is unread, and nobody waits; but an answer is still to come
        assertDirty(pool)
        collecting.cancel()
    }
}
