package dev.wspool

import dev.wspool.internal.RealPool
import dev.wspool.internal.machine.Phase
import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotEquals
import kotlin.test.assertSame
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.minutes

/** A connection that is taken out of its pool: it is its owner's, and outlives the pool. */
@OptIn(ExperimentalCoroutinesApi::class)
class DetachTest {
    private val connector = echoing()

    /** A pool that closes its connector, as one that was made from a URL alone does. */
    private fun TestScope.owningPool(): RealPool {
        val config = PoolConfig.Builder().apply {
            dispatcher = StandardTestDispatcher(testScheduler)
            timeSource = testScheduler.timeSource
        }.build()
        return RealPool(Endpoint("ws://fake"), config, connector, ownsConnector = true)
    }

    @Test
    fun aDetachedConnectionFreesItsPlaceAndGoesOn() = runTest {
        val pool = poolOf(connector) { maxConnections = 1 }
        val detached = pool.borrow().detach()
        assertEquals(0, pool.stats.total)
        assertEquals(mapOf(DestroyReason.Detached to 1L), pool.stats.destroyed)
        pool.withConnection { assertNotEquals(detached.id, id) }
        detached.send("still mine")
        assertEquals("still mine", detached.receiveText())
        assertSame(detached, detached.detach())
    }

    @Test
    fun aDetachedConnectionOutlivesThePoolAndIsClosedByItsOwner() = runTest {
        val pool = poolOf(connector)
        val detached = pool.borrow().detach()
        pool.close()
        pool.awaitClosed()
        advanceTimeBy(1.minutes)
        detached.send("alone now")
        assertEquals("alone now", detached.receiveText())
        detached.release()
        detached.release()
        pool.job.join()
        assertEquals(CloseInfo(CloseInfo.NORMAL), connector.connections.single().closedWith)
        assertEquals(0, connector.openConnections)
        val e = assertFailsWith<LeaseReleasedException> { detached.send("x") }
        assertEquals("Connection c1 to ws://fake was released; the lease cannot be used any more", e.message)
    }

    @Test
    fun aDetachedConnectionWhosePeerDoesNotAnswerTheCloseIsAborted() = runTest {
        val connector = FakeConnector(autoConnect = true) { it.answersClose = false }
        val pool = poolOf(connector)
        pool.borrow().detach().release()
        pool.close()
        pool.job.join()
        assertTrue(connector.connections.single().isAborted)
        assertEquals(0, connector.openConnections)
    }

    @Test
    fun aDetachedConnectionThatIsLostNeedsNoOwnerToEnd() = runTest {
        val pool = poolOf(connector)
        val detached = pool.borrow().detach()
        connector.connections.single().dies()
        pool.close()
        pool.job.join()
        assertFailsWith<ConnectionLostException> { detached.receive() }
    }

    @Test
    fun aLeaseThatHasEndedCannotBeDetached() = runTest {
        val pool = poolOf(echoing())
        val released = pool.borrow()
        released.release()
        assertFailsWith<LeaseReleasedException> { released.detach() }
        assertEquals(1, pool.stats.idle)
    }

    @Test
    fun aLostConnectionCannotBeDetached() = runTest {
        val lease = poolOf(connector).borrow()
        connector.connections.single().dies()
        val e = assertFailsWith<ConnectionLostException> { lease.detach() }
        assertEquals("Connection c1 to ws://fake was lost before it could be detached", e.message)
    }

    @Test
    fun aDetachedConnectionWhoseCloseFailsIsAborted() = runTest {
        val connector = FakeConnector(autoConnect = true) { it.closing = FakeBehavior.Fails() }
        val pool = poolOf(connector)
        pool.borrow().detach().release()
        pool.close()
        pool.job.join()
        assertTrue(connector.connections.single().isAborted)
        assertEquals(0, connector.openConnections)
    }

    @Test
    fun aPoolThatOwnsItsConnectorClosesItOnceAndLast() = runTest {
        val pool = owningPool()
        val detached = pool.borrow().detach()
        pool.close()
        pool.awaitClosed()
        advanceTimeBy(1.minutes)
        assertEquals(0, connector.closeCount, "a detached connection needs it still")
        detached.release()
        pool.job.join()
        assertEquals(1, connector.closeCount)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aConnectionDetachedAsTheLastOfADrainKeepsItsConnector() = runTest {
        val pool = owningPool()
        val lease = pool.borrow()
        val drain = launch { pool.drain(1.minutes) }
        runCurrent()
        val detached = lease.detach()
        drain.join()
        assertEquals(0, connector.closeCount, "the detached connection needs it still")
        detached.send("x")
        detached.receive()
        detached.release()
        pool.job.join()
        assertEquals(1, connector.closeCount)
    }

    @Test
    @Timeout(60)
    fun detachAndTheEndOfThePoolMayMeet() = runBlocking {
        repeat(300) {
            val pool = WebSocketPool(connector, Endpoint("ws://fake"))
            val lease = pool.borrow()
            val drain = launch(Dispatchers.Default) { pool.drain(1.minutes) }
            fun isOpen() = (pool as RealPool).mailbox.ask { pool.machine.phase == Phase.OPEN }
            while (pool.tryBorrow()?.release() == null && isOpen()) yield()
            val detached = lease.detach()
            drain.join()
            repeat(10) { yield() }
            detached.send("alive")
            assertEquals("alive", detached.receiveText())
            detached.release()
            pool.job.join()
        }
    }
}
