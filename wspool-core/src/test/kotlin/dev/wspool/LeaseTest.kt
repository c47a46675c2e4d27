package dev.wspool

import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.advanceUntilIdle
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import java.io.IOException
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** What a lease is good for, and that it ends once and for all. */
@OptIn(ExperimentalCoroutinesApi::class)
class LeaseTest {
    @Test
    fun everyUseAfterReleaseIsRefused() = runTest {
        val pool = poolOf(echoing())
        val lease = pool.borrow()
        val messages = lease.messages
        lease.release()
        assertEveryUseFails(lease, "Connection c1 to ws://fake was released; the lease cannot be used any more")
        val ofFlow = assertFailsWith<LeaseReleasedException> { messages.first() }
        assertEquals("Connection c1 to ws://fake was released; the lease cannot be used any more", ofFlow.message)
        assertTrue(pool.borrow().isReused, "the attempts did no harm to the connection")
    }

    @Test
    fun everyUseAfterInvalidateIsRefused() = runTest {
        val lease = poolOf(echoing()).borrow()
        lease.invalidate("the protocol is out of step")
        assertEveryUseFails(lease, "Connection c1 to ws://fake was invalidated; the lease cannot be used any more")
    }

    @Test
    fun everyUseAfterDetachIsRefused() = runTest {
        val lease = poolOf(echoing()).borrow()
        lease.detach()
        assertEveryUseFails(lease, "Connection c1 to ws://fake was detached; use the lease that detach returned")
    }

    @Test
    fun everyUseAfterThePoolWasClosedIsRefused() = runTest {
        val pool = poolOf(echoing())
        val lease = pool.borrow()
        pool.close()
        for (use in uses(lease)) {
            val e = assertFailsWith<PoolClosedException> { use() }
            assertEquals("The pool for ws://fake is closed", e.message)
        }
    }

    @Test
    fun aReceiverWhoWaitsIsToldOfTheRelease() = runTest {
        val connector = echoing()
        val pool = poolOf(connector)
        val lease = pool.borrow()
        val receiver = async { assertFailsWith<LeaseReleasedException> { lease.receive() } }
        runCurrent()
        lease.release()
        assertEquals("Connection c1 to ws://fake was released; the lease cannot be used any more", receiver.await().message)
        assertEquals(1, pool.stats.destroyed[DestroyReason.Dirty], "a receive was running")
    }

    @Test
    fun aCollectorWhoWaitsIsToldOfTheRelease() = runTest {
        val pool = poolOf(echoing())
        val lease = pool.borrow()
        val collector = async { assertFailsWith<LeaseReleasedException> { lease.messages.collect { } } }
        runCurrent()
        lease.release()
        collector.await()
        pool.assertSound()
    }

    @Test
    fun whoReceivesWhileThePoolClosesIsToldThatThePoolIsClosed() = runTest {
        for (answers in listOf(true, false)) {
            val connector = FakeConnector(autoConnect = true) { it.answersClose = answers }
            val pool = poolOf(connector)
            val lease = pool.borrow()
            val other = pool.borrow()
            val receiver = async { assertFailsWith<PoolClosedException> { lease.receive() } }
            val collector = async { assertFailsWith<PoolClosedException> { other.messages.collect { } } }
            runCurrent()
            pool.close()
            receiver.await()
            collector.await()
            assertTrue(pool.stats.closing > 0 || answers, "at once, not when the peer has answered")
            pool.awaitClosed()
            testScheduler.advanceUntilIdle()
        }
    }

    @Test
    fun releasingTwiceIsHarmlessToTheNextHolder() = runTest {
        val pool = poolOf(echoing()) { maxConnections = 1 }
        val first = pool.borrow()
        first.release()
        val second = pool.borrow()
        first.release()
        first.close()
        first.invalidate()
        assertEquals(1, pool.stats.leased)
        second.send("mine")
        assertEquals("mine", second.receiveText())
        second.release()
        pool.assertSound()
        assertEquals(1, pool.stats.idle)
    }

    @Test
    fun aLeaseWhoseConnectionIsLostSaysSoAndIsReleasedAllTheSame() = runTest {
        val connector = echoing()
        val pool = poolOf(connector)
        val lease = pool.borrow()
        connector.connections.single().dies(1006, cause = IOException("reset by peer"))
        val e = assertFailsWith<ConnectionLostException> { lease.receive() }
        assertEquals("Connection c1 to ws://fake was lost: close code 1006: reset by peer", e.message)
        assertEquals(CloseInfo(1006), e.closeInfo)
        assertEquals("java.io.IOException: reset by peer", e.cause.toString())
        assertFailsWith<ConnectionLostException> { lease.send("x") }
        assertFailsWith<ConnectionLostException> { lease.ping() }
        lease.release()
        assertEquals(mapOf(DestroyReason.Lost to 1L), pool.stats.destroyed)
    }

    @Test
    fun invalidateClosesTheConnectionAndFreesItsPlace() = runTest {
        val connector = echoing()
        val pool = poolOf(connector) { maxConnections = 1 }
        val lease = pool.borrow()
        lease.invalidate("its subscription is gone")
        lease.release()
        assertNotEquals(lease.id, pool.borrow().id)
        assertEquals(CloseInfo(CloseInfo.NORMAL), connector.connections.first().closedWith)
        assertEquals(mapOf(DestroyReason.Invalidated to 1L), pool.stats.destroyed)
    }

    @Test
    fun aLeaseShowsWhatIsKnownOfItsConnection() = runTest {
        val connector = echoing()
        connector.handshake = Handshake(mapOf("X-Served-By" to listOf("a")), "chat")
        val pool = poolOf(connector)
        val lease = pool.borrow()
        advanceTimeBy(3.seconds)
        assertEquals(3.seconds, lease.openTime)
        assertEquals("a", lease.handshake.header("x-served-by"))
        assertEquals("chat", lease.handshake.subprotocol)
        assertNull(lease.localAddress)
        assertNull(lease.remoteAddress)
        assertNull(lease.closeInfo)
        connector.connections.single().closes(1000, "bye")
        assertEquals(CloseInfo(1000, "bye"), lease.closeInfo)
    }

    @Test
    fun severalCoroutinesMaySendOnOneLeaseAtATime() = runTest {
        val connector = FakeConnector(autoConnect = true) { it.sending = FakeBehavior.Slow(10.milliseconds) }
        val pool = poolOf(connector)
        pool.withConnection { List(10) { launch { send("$it") } }.joinAll() }
        assertEquals(10, connector.connections.single().sent.size)
        assertEquals(1, pool.stats.idle)
    }

    private fun uses(lease: Lease): List<suspend () -> Unit> = listOf(
        { lease.send("x") },
        { lease.send(byteArrayOf(1)) },
        { lease.send(Message.Text("x")) },
        { lease.receive() },
        { lease.receive(1.seconds) },
        { lease.receiveText() },
        { lease.receiveText(1.seconds) },
        { lease.receiveBinary() },
        { lease.receiveBinary(1.seconds) },
        { lease.messages.collect { } },
        { lease.ping() },
        { lease.detach() },
    )

    private suspend fun assertEveryUseFails(lease: Lease, text: String) {
        for (use in uses(lease)) assertEquals(text, assertFailsWith<LeaseReleasedException> { use() }.message)
    }
}
