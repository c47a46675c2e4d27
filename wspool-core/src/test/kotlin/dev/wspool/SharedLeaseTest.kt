package dev.wspool

import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnection
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.cancel
import kotlinx.coroutines.isActive
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertSame
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Several leases of one connection: each has what it has asked for, and what it leaves behind is nobody else's trouble. */
class SharedLeaseTest {
    private val connector = FakeConnector(autoConnect = true)
    private val peer: FakeConnection get() = connector.connections.last()

    private fun TestScope.pool(leases: Int = 3, configure: PoolConfig.Builder.() -> Unit = {}) = sharedPoolOf(connector, leases, configure)

    @Test
    fun callersShareAConnectionUntilItsPlacesAreTaken() = runTest {
        val pool = pool()
        val leases = List(3) { pool.borrow() }
        assertEquals(1, leases.distinctBy { it.id }.size)
        assertEquals("1 of 1", "${pool.stats.leased} of ${pool.stats.total}")
        assertEquals(3, pool.stats.leases)
        assertNull(pool.tryBorrow())
        leases.first().release()
        assertEquals(2, pool.stats.leases)
        pool.tryBorrow()!!
        pool.assertSound()
    }

    @Test
    fun eachGetsTheRepliesToHisOwnRequests() = runTest {
        val pool = pool()
        val ann = pool.borrow()
        val bob = pool.borrow()
        ann.send("1:what?")
        bob.send("2:when?")
        ann.send("3:who?")
        peer.receives("2:now")
        peer.receives("3:me")
        peer.receives("1:that")
        assertEquals("2:now", bob.receiveText())
        assertEquals(listOf("3:me", "1:that"), List(2) { ann.receiveText() })
    }

    @Test
    fun requestMayHaveManyReplies() = runTest {
        val pool = pool()
        val ann = pool.borrow()
        ann.send("1:count")
        listOf("1:one…", "1:two…", "1:three", "1:four").forEach(peer::receives)
        assertEquals(listOf("1:one…", "1:two…", "1:three"), List(3) { ann.receiveText() })
        assertFailsWith<ReceiveTimeoutException> { ann.receive(1.seconds) }
        assertEquals(1, pool.stats.orphans)
    }

    @Test
    fun replyToARequestThatWasGivenUpReachesNobody() = runTest {
        val pool = pool()
        val bob = pool.borrow()
        assertFailsWith<ReceiveTimeoutException> {
            pool.withConnection {
                send("1:what?")
                receive(100.milliseconds)
            }
        }
        bob.send("2:when?")
        peer.receives("1:that")
        peer.receives("2:now")
        assertEquals("2:now", bob.receiveText())
        assertEquals(1, pool.stats.orphans)
        bob.release()
        runCurrent()
        assertEquals("1 idle, {}", "${pool.stats.idle} idle, ${pool.stats.destroyed}", "one lease's dirt is not the connection's")
    }

    @Test
    fun idThatIsOpenIsNobodyElses() = runTest {
        val pool = pool()
        val ann = pool.borrow()
        val bob = pool.borrow()
        ann.send("1:what?")
        ann.send("1:more of it")
        val taken = assertFailsWith<IllegalStateException> { bob.send("1:when?") }
        assertEquals("The request id 1 is taken by another lease of the same connection", taken.message)
        ann.release()
        val givenUp = assertFailsWith<IllegalStateException> { bob.send("1:when?") }
        assertEquals("The request id 1 is that of a request that was given up: its reply may still come", givenUp.message)
        peer.receives("1:that")
        bob.send("1:when?")
        peer.receives("1:now")
        assertEquals("1:now", bob.receiveText())
    }

    @Test
    fun refusedFurtherMessageDoesNotGiveTheIdAway() = runTest {
        val pool = pool()
        val ann = pool.borrow()
        val bob = pool.borrow()
        ann.send("1:what?")
        peer.sending = FakeBehavior.Fails { MessageTooBigException("too big", 3) }
        assertFailsWith<MessageTooBigException> { ann.send("1:more, and far too much") }
        peer.sending = FakeBehavior.Works
        assertFailsWith<IllegalStateException> { bob.send("1:mine") }
        peer.receives("1:that")
        assertEquals("1:that", ann.receiveText())
    }

    @Test
    fun whatOneOfThemHasBroughtAboutIsALostConnectionToTheOthers() = runTest {
        val pool = pool { sendTimeout = 1.seconds }
        val bob = pool.borrow()
        val ann = pool.borrow()
        val waiting = async { runCatching { bob.request("1:what?") } }
        runCurrent()
        peer.sending = FakeBehavior.Never
        val mine = assertFailsWith<SendTimeoutException> { ann.send("2:what") }
        val his = waiting.await().exceptionOrNull() as ConnectionLostException
        assertSame(mine, his.cause)
        assertEquals("Connection c1 to ws://fake was lost: close code 1006: ${mine.message}", his.message)
    }

    @Test
    fun endOfThePoolsParentIsNoCancellationOfWhoSendsALargeMessage() = runTest {
        val owner = CoroutineScope(Job())
        val pool = pool { parent = owner }
        val ann = pool.borrow()
        peer.sending = FakeBehavior.Never
        val sending = async { runCatching { ann.send(ByteArray(1 shl 20)) }.exceptionOrNull() }
        runCurrent()
        owner.cancel()
        assertSame(PoolClosedException::class, sending.await()!!::class)
        assertTrue(isActive)
    }

    @Test
    fun peerIsToldOfWhatNobodyWaitsForAnyMore() = runTest {
        val pool = pool()
        pool.withConnection {
            send("1:what?")
            send("2:when?")
            peer.receives("2:now")
            receive()
        }
        runCurrent()
        assertEquals<List<Message>>(listOf("1:what?", "2:when?", "1 cancelled").map { Message.Text(it) }, peer.sent)
    }

    @Test
    fun lostConnectionFailsEachRequestOnce() = runTest {
        val pool = pool()
        val leases = List(3) { pool.borrow() }
        leases.forEachIndexed { index, lease -> lease.send("$index:what?") }
        peer.receives("0:that")
        val waiting = leases.map { async { runCatching { it.receiveText() } } }
        runCurrent()
        peer.dies(4000, "enough")
        assertEquals("0:that", waiting[0].await().getOrThrow())
        for (lost in waiting.drop(1)) assertEquals(4000, (lost.await().exceptionOrNull() as ConnectionLostException).closeInfo.code)
        assertFailsWith<ConnectionLostException> { leases[0].receive() }
        leases.forEach(Lease::release)
        assertEquals(0, pool.stats.leases)
        pool.withConnection { assertFalse(isReused) }
    }

    @Test
    fun blockThatThrowsLeavesTheConnectionToTheOthers() = runTest {
        val pool = pool()
        val bob = pool.borrow()
        assertFailsWith<ArithmeticException> { pool.withConnection { throw ArithmeticException() } }
        bob.send("1:when?")
        peer.receives("1:now")
        assertEquals("1:now", bob.receiveText())
    }

    @Test
    fun invalidatedConnectionIsLentNoMoreAndEndsWithItsLastLease() = runTest {
        val pool = pool()
        val ann = pool.borrow()
        val bob = pool.borrow()
        ann.invalidate("it answers nonsense")
        assertNull(pool.tryBorrow())
        assertEquals(1, pool.stats.leases)
        bob.release()
        runCurrent()
        assertEquals(mapOf(DestroyReason.Invalidated to 1L), pool.stats.destroyed)
    }

    @Test
    fun messageThatNobodyUnderstandsEndsTheConnectionForAll() = runTest {
        val pool = pool()
        val ann = pool.borrow()
        ann.send("1:what?")
        peer.receives(byteArrayOf(1))
        val loss = assertFailsWith<ConnectionLostException> { ann.receive() }
        assertEquals("Connection c1 to ws://fake was lost: its correlator cannot read a message", loss.message)
        assertEquals("A binary message", loss.cause!!.message)
        ann.release()
        assertEquals(mapOf(DestroyReason.Lost to 1L), pool.stats.destroyed)
    }

    @Test
    fun receiverIsToldThatHisLeaseHasEnded() = runTest {
        val pool = pool()
        val ann = pool.borrow()
        val waiting = async { runCatching { ann.receive() }.exceptionOrNull() }
        runCurrent()
        ann.release()
        ann.release()
        runCurrent()
        assertEquals("Connection c1 to ws://fake was released; the lease cannot be used any more", waiting.await()!!.message)
        assertEquals(0, pool.stats.leases)
        assertFailsWith<LeaseReleasedException> { ann.send("1:what?") }
    }

    @Test
    fun connectionIsNotTakenFromTheOthersByDetach() = runTest {
        val ann = pool().borrow()
        val refused = assertFailsWith<UnsupportedOperationException> { ann.detach() }
        assertEquals("Connection c1 to ws://fake is shared (leasesPerConnection): detach would take it from the others", refused.message)
    }

    @Test
    fun handshakeOfTheApplicationHasAllThatComes() = runTest {
        connector.onConnection = { it.receives("hello") }
        val pool = pool {
            onConnect {
                send("1:login")
                peer.receives("welcome")
                assertEquals(listOf("hello", "welcome"), List(2) { receiveText() })
            }
        }
        pool.withConnection {
            send("1:what?")
            peer.receives("1:that")
            assertEquals("1:that", receiveText())
        }
    }

    @Test
    fun whatOnBorrowLeavesOpenIsNotTheBorrowers() = runTest {
        val pool = pool { onBorrow { true.also { send("hook${asked++}:are you well?") } } }
        pool.withConnection {
            peer.receives("hook0:I am")
            send("1:what?")
            peer.receives("1:that")
            assertEquals("1:that", receiveText())
        }
    }

    private var asked = 0

    @Test
    fun oneLeaseAtATimeIsSpoiltByNoLateReplyEither() = runTest {
        val pool = pool(leases = 1)
        pool.withConnection { send("1:what?") }
        peer.receives("1:that")
        val id = pool.withConnection { this.id }
        assertEquals(ConnectionId("c1"), id)
        assertEquals(1, pool.stats.orphans)
    }

    @Test
    fun closeEndsThemAll() = runTest {
        val pool = pool()
        val leases = List(3) { pool.borrow() }
        val waiting = leases.map { async { runCatching { it.receive() }.exceptionOrNull() } }
        runCurrent()
        pool.close()
        waiting.forEach { assertSame(PoolClosedException::class, it.await()!!::class) }
        leases.forEach(Lease::release)
        pool.assertNothingLeft(connector)
    }
}
