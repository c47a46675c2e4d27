package dev.wspool

import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnection
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Job
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceUntilIdle
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotEquals
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** What those who share a connection may leave behind, and what a peer may send them, has bounds; and what a pool can be told. */
class SharedBoundsTest {
    private val connector = FakeConnector(autoConnect = true)
    private val peer: FakeConnection get() = connector.connections.last()

    private fun TestScope.pool(leases: Int = 3, configure: PoolConfig.Builder.() -> Unit = {}) = sharedPoolOf(connector, leases, configure)

    @Test
    fun connectionWithTooMuchLeftOpenIsLentNoMoreAndForgetsNoId() = runTest {
        val pool = poolOf(connector) {
            maxConnections = 2
            leasesPerConnection = 3
            correlator = ColonCorrelator
        }
        val bob = pool.borrow()
        pool.withConnection { repeat(10_001) { send("$it:q") } }
        assertFailsWith<IllegalStateException> { bob.send("0:mine") }
        pool.withConnection { assertNotEquals(bob.id, id) }
        bob.release()
        runCurrent()
        assertEquals(mapOf(DestroyReason.UsedUp to 1L), pool.stats.destroyed)
    }

    @Test
    fun peerThatDoesNotReadGathersNoWordsOfThePools() = runTest {
        val pool = pool()
        val bob = pool.borrow()
        pool.withConnection { repeat(2_000) { send("$it:q") } }
        peer.sending = FakeBehavior.Never
        repeat(200) { number -> pool.withConnection { runCatching { withTimeoutOrNull(1.milliseconds) { send("x$number:q") } } } }
        assertTrue(pool.job.descendants < 20, "${pool.job.descendants} coroutines")
        bob.release()
    }

    private val Job.descendants: Int get() = children.sumOf { 1 + it.descendants }

    @Test
    fun messagesThatNobodyHandlesInTimeAreDropped() = runTest {
        val behind = CompletableDeferred<Unit>()
        var handled = 0
        val pool = pool {
            unsolicitedMessages = UnsolicitedMessages.Handle { _, _ ->
                behind.await()
                handled++
            }
        }
        pool.borrow()
        repeat(5_000) { peer.receives("news $it") }
        behind.complete(Unit)
        advanceUntilIdle()
        assertTrue(handled in 1_024..1_026, "$handled are handled")
        assertTrue(peer.isOpen)
    }

    @Test
    fun whatAnswersNothingGoesToTheHandler() = runTest {
        val heard = ArrayList<Message>()
        val pool = pool { unsolicitedMessages = UnsolicitedMessages.Handle { _, message -> heard += message } }
        val ann = pool.borrow()
        peer.receives("news")
        peer.receives("9:an answer to nobody")
        runCurrent()
        val news = listOf("news", "9:an answer to nobody").map { Message.Text(it) }
        assertEquals<List<Message>>(news, heard)
        ann.release()
        peer.receives("more news")
        runCurrent()
        assertEquals(3, heard.size)
        assertEquals(1, pool.stats.idle)
    }

    @Test
    fun whoReadsTooSlowlyLosesHisLeaseAndNobodyElses() = runTest {
        val pool = pool { receiveBuffer = 2 }
        val slow = pool.borrow()
        val bob = pool.borrow()
        slow.send("1:count")
        repeat(3) { peer.receives("1:$it…") }
        bob.send("2:when?")
        peer.receives("2:now")
        assertEquals("2:now", bob.receiveText())
        assertEquals(listOf("1:0…", "1:1…"), List(2) { slow.receiveText() })
        val text = "A lease of Connection c1 to ws://fake was ended: 2 messages were unread (receiveBuffer)"
        assertEquals(text, assertFailsWith<ReceiveBufferFullException> { slow.receive() }.message)
        assertEquals(text, assertFailsWith<ReceiveBufferFullException> { slow.send("3:again") }.message)
        slow.release()
        assertEquals(1, pool.stats.leases)
    }

    @Test
    fun callerWhoFindsNoPlaceIsToldHowManyThereAre() = runTest {
        val pool = pool()
        repeat(3) { pool.borrow() }
        val why = assertFailsWith<BorrowTimeoutException> { pool.borrow(1.seconds) }
        val text = "1 of 1 leased (maxConnections), each to 3 callers at most (leasesPerConnection), 0 connecting"
        assertEquals(text, why.message!!.substringAfter("within 1s: ").substringBefore(", 0 waiting"))
    }

    @Test
    fun settingsThatMakeNoSenseTogetherAreRefused() = runTest {
        fun refusal(configure: PoolConfig.Builder.() -> Unit) =
            assertFailsWith<IllegalArgumentException> { PoolConfig.Builder().apply(configure).build() }.message
        assertEquals("leasesPerConnection must be at least 1, not 0", refusal { leasesPerConnection = 0 })
        assertEquals("leasesPerConnection (2) needs a correlator, which tells whose a reply is", refusal { leasesPerConnection = 2 })
        val unread = refusal {
            correlator = ColonCorrelator
            unreadMessages = UnreadMessages.Drop
        }
        assertEquals("unreadMessages has no meaning with a correlator: what is unread ends with its lease", unread)
        val reuse = refusal {
            correlator = ColonCorrelator
            reuseAfterFailure { true }
        }
        assertEquals("reuseAfterFailure has no meaning with a correlator: no failure ends a shared connection", reuse)
        val onReturn = refusal {
            correlator = ColonCorrelator
            onReturn { }
        }
        assertEquals("onReturn has no meaning with a correlator: a lease leaves its connection to the others", onReturn)
        val fixed = assertFailsWith<IllegalArgumentException> { pool().reconfigure { leasesPerConnection = 4 } }
        assertEquals("leasesPerConnection cannot be changed while the pool runs", fixed.message)
    }
}
