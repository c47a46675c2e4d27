package dev.wspool

import dev.wspool.internal.RealPool
import dev.wspool.internal.machine.PoolMachine
import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancel
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** How a pool ends: [WebSocketPool.close], [WebSocketPool.drain], [WebSocketPool.awaitClosed] and the parent's end. */
@OptIn(ExperimentalCoroutinesApi::class)
class CloseTest {
    private val connector = echoing()

    @Test
    fun closeEndsEverythingAndReturnsAtOnce() = runTest {
        val pool = poolOf(connector) { maxConnections = 2 }
        val lease = pool.borrow()
        pool.withConnection { }
        pool.close()
        assertEquals(0, pool.stats.leased)
        assertEquals(0, pool.stats.idle)
        assertEquals(2, pool.stats.closing)
        pool.awaitClosed()
        assertTrue(connector.connections.all { it.closedWith == CloseInfo(CloseInfo.GOING_AWAY) })
        assertEquals(mapOf(DestroyReason.PoolClosed to 2L), pool.stats.destroyed)
        lease.release()
        pool.assertNothingLeft(connector)
    }

    @Test
    fun closingTwiceIsHarmless() = runTest {
        val pool = poolOf(connector)
        pool.withConnection { }
        pool.close()
        pool.close()
        pool.awaitClosed()
        pool.close()
        pool.drain(1.seconds)
        pool.awaitClosed()
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aPoolThatWasNeverUsedClosesToo() = runTest {
        val pool = poolOf(connector)
        pool.close()
        pool.awaitClosed()
        pool.assertNothingLeft(connector)
        assertEquals(0, connector.closeCount, "the connector is its maker's")
    }

    @Test
    fun aClosedPoolLendsNothingAndSaysSo() = runTest {
        val pool = poolOf(connector)
        pool.withConnection { }
        pool.close()
        val e = assertFailsWith<PoolClosedException> { pool.borrow() }
        assertEquals("The pool for ws://fake is closed", e.message)
        assertNull(e.realCause)
        assertFailsWith<PoolClosedException> { pool.borrow(Duration.ZERO) }
        assertFailsWith<PoolClosedException> { pool.withConnection { } }
        assertNull(pool.tryBorrow())
    }

    @Test
    fun callersWhoWaitAreToldOfTheClose() = runTest {
        val pool = poolOf(connector) { maxConnections = 1 }
        pool.borrow()
        val waiters = List(3) { async { assertFailsWith<PoolClosedException> { pool.borrow() } } }
        runCurrent()
        pool.close()
        assertEquals(setOf("The pool for ws://fake is closed"), waiters.awaitAll().map { it.message }.toSet())
        assertEquals(3, pool.stats.refused)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aReleaseAfterTheCloseIsHarmless() = runTest {
        val pool = poolOf(connector)
        val lease = pool.borrow()
        pool.close()
        pool.awaitClosed()
        lease.release()
        lease.invalidate()
        pool.assertNothingLeft(connector)
        assertEquals(mapOf(DestroyReason.PoolClosed to 1L), pool.stats.destroyed)
    }

    @Test
    fun aGrantUnderWayWhileThePoolClosesIsDeliveredEnded() = runTest {
        val pool = poolOf(connector) { maxConnections = 1 }
        val held = pool.borrow()
        val waiter = async { runCatching { pool.withConnection { send("too late") } } }
        runCurrent()
        held.release() // the waiter has the lease and has not run yet
        pool.close()
        assertIs<PoolClosedException>(waiter.await().exceptionOrNull())
        pool.assertNothingLeft(connector)
    }

    @Test
    fun awaitClosedWaitsForTheLastSocket() = runTest {
        connector.onConnection = { it.answersClose = false }
        val pool = poolOf(connector)
        pool.withConnection { }
        pool.close()
        val waiting = launch { pool.awaitClosed() }
        runCurrent()
        assertTrue(waiting.isActive)
        connector.connections.single().dies(1001)
        runCurrent()
        assertFalse(waiting.isActive)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aPeerThatDoesNotAnswerTheCloseIsAborted() = runTest {
        connector.onConnection = { it.answersClose = false }
        val pool = poolOf(connector)
        pool.borrow()
        pool.close()
        pool.awaitClosed()
        assertTrue(connector.connections.single().isAborted)
        assertEquals(2_000, currentTime)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aConnectionWhoseEndNobodyCanConfirmIsAbandoned() = runTest {
        connector.onConnection = {
            it.answersClose = false
            it.confirmsAbort = false
        }
        val pool = poolOf(connector)
        pool.borrow()
        pool.close()
        pool.awaitClosed()
        assertEquals(mapOf(DestroyReason.Abandoned to 1L), pool.stats.destroyed)
        assertEquals(7_000, currentTime)
        connector.connections.single().dies() // late, and of no account
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aCloseThatFailsOrHangsEndsInAnAbort() = runTest {
        for (behavior in listOf(FakeBehavior.Fails(), FakeBehavior.Never, FakeBehavior.Fails { CancellationException("its own") })) {
            val connector = FakeConnector(autoConnect = true) { it.closing = behavior }
            val pool = poolOf(connector)
            pool.withConnection { }
            pool.close()
            pool.awaitClosed()
            assertTrue(connector.connections.single().isAborted, "$behavior")
            pool.assertNothingLeft(connector)
        }
    }

    @Test
    fun closingGivesUpDialsThatAreUnderWay() = runTest {
        val connector = FakeConnector()
        val pool = poolOf(connector)
        val waiter = async { assertFailsWith<PoolClosedException> { pool.borrow() } }
        val dial = connector.awaitConnect()
        pool.close()
        waiter.await()
        pool.awaitClosed()
        assertTrue(dial.isCancelled)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aDialThatSucceedsAfterTheCloseIsClosedToo() = runTest {
        val connector = FakeConnector()
        connector.onDial = { it.ignoresCancellation = true }
        val pool = poolOf(connector)
        launch { assertFailsWith<PoolClosedException> { pool.borrow() } }
        val dial = connector.awaitConnect()
        pool.close()
        dial.awaitCancelled()
        val connection = dial.succeed()
        pool.awaitClosed()
        assertEquals(CloseInfo(CloseInfo.GOING_AWAY), connection.closedWith)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun drainServesWhoWaitsThenWaitsForLeasesAndThenCloses() = runTest {
        val pool = poolOf(connector) { maxConnections = 1 }
        val held = pool.borrow()
        val waiter = async {
            pool.withConnection {
                delay(1.seconds)
                send("served")
                receiveText()
            }
        }
        runCurrent()
        val drain = launch { pool.drain(1.minutes) }
        runCurrent()
        val e = assertFailsWith<PoolClosedException> { pool.borrow() }
        assertEquals("The pool for ws://fake is closed", e.message)
        assertNull(pool.tryBorrow())
        held.release()
        assertEquals("served", waiter.await())
        drain.join()
        assertEquals(1_000, currentTime)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun drainClosesIdleConnectionsAtOnce() = runTest {
        val pool = poolOf(connector) { minIdle = 2 }
        runCurrent()
        val held = pool.borrow()
        val drain = launch { pool.drain(1.minutes) }
        runCurrent()
        assertEquals(1, pool.stats.total)
        held.release()
        drain.join()
        assertEquals(0, currentTime)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun drainClosesWhatIsLeftWhenItsTimeIsOver() = runTest {
        val pool = poolOf(connector) { maxConnections = 1 }
        val held = pool.borrow()
        val waiter = async { assertFailsWith<PoolClosedException> { pool.borrow(1.hours) } }
        runCurrent()
        pool.drain(30.seconds)
        assertEquals(30_000, currentTime)
        waiter.await()
        assertFailsWith<PoolClosedException> { held.send("too late") }
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aDrainWithoutTimeIsAClose() = runTest {
        val pool = poolOf(connector)
        pool.borrow()
        pool.drain(Duration.ZERO)
        assertEquals(0, currentTime)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun theEarlierOfTwoDrainsCounts() = runTest {
        val pool = poolOf(connector)
        pool.borrow()
        val patient = launch { pool.drain(Duration.INFINITE) }
        pool.drain(5.seconds)
        patient.join()
        assertEquals(5_000, currentTime)
    }

    @Test
    fun aCancelledDrainLeavesThePoolDraining() = runTest {
        val pool = poolOf(connector)
        val held = pool.borrow()
        val drain = launch { pool.drain(1.minutes) }
        runCurrent()
        drain.cancelAndJoin()
        assertFailsWith<PoolClosedException> { pool.borrow() }
        held.send("still mine")
        held.receive()
        held.release()
        pool.awaitClosed()
        assertEquals(0, currentTime)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun theParentsCancellationClosesThePool() = runTest {
        val parent = CoroutineScope(Job())
        val pool = poolOf(connector) {
            this.parent = parent
            maxConnections = 1
        }
        val held = pool.borrow()
        val waiter = async { assertFailsWith<PoolClosedException> { pool.borrow() } }
        runCurrent()
        parent.cancel()
        waiter.await()
        pool.awaitClosed()
        assertFailsWith<PoolClosedException> { held.send("x") }
        assertFailsWith<PoolClosedException> { pool.borrow() }
        pool.assertNothingLeft(connector)
    }

    @Test
    fun theParentsCancellationEndsDialsAlsoThoseThatDoNotListen() = runTest {
        for (deaf in listOf(false, true)) {
            val parent = CoroutineScope(Job())
            val connector = FakeConnector()
            connector.onDial = { it.ignoresCancellation = deaf }
            val pool = poolOf(connector) { this.parent = parent }
            launch { assertFailsWith<PoolClosedException> { pool.borrow() } }
            val dial = connector.awaitConnect()
            parent.cancel()
            dial.awaitCancelled()
            if (deaf) dial.succeed()
            pool.awaitClosed()
            pool.assertNothingLeft(connector)
        }
    }

    @Test
    fun theParentsCancellationEndsConnectionsWhosePeerDoesNotAnswer() = runTest {
        for (closing in listOf(FakeBehavior.Works, FakeBehavior.Fails(), FakeBehavior.Slow(1.seconds), FakeBehavior.Never)) {
            val parent = CoroutineScope(Job())
            val connector = FakeConnector(autoConnect = true) {
                it.closing = closing
                it.answersClose = false
            }
            val pool = poolOf(connector) { this.parent = parent }
            pool.withConnection { }
            pool.borrow()
            parent.cancel()
            pool.awaitClosed()
            assertTrue(connector.connections.single().isAborted)
            pool.assertNothingLeft(connector)
        }
    }

    @Test
    fun theParentsCancellationDuringACloseLosesNothing() = runTest {
        val parent = CoroutineScope(Job())
        val connector = FakeConnector(autoConnect = true) {
            it.closing = FakeBehavior.Slow(1.seconds)
            it.answersClose = false
        }
        val pool = poolOf(connector) { this.parent = parent }
        pool.borrow()
        pool.close()
        runCurrent()
        parent.cancel()
        pool.awaitClosed()
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aPoolUnderAParentThatIsCancelledAlreadyIsClosed() = runTest {
        val parent = CoroutineScope(Job())
        parent.cancel()
        val pool = poolOf(connector) {
            this.parent = parent
            minIdle = 1
        }
        runCurrent()
        assertFailsWith<PoolClosedException> { pool.borrow() }
        pool.awaitClosed()
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aParentIsDoneWhenItsPoolIs() = runTest {
        val parent = Job()
        val pool = poolOf(connector) { this.parent = CoroutineScope(parent) }
        pool.withConnection { }
        parent.complete()
        runCurrent()
        assertTrue(parent.isActive)
        pool.close()
        parent.join()
        assertFalse(parent.isCancelled)
    }

    @Test
    fun aFailedConnectionOrDialDoesNotCancelTheParent() = runTest {
        val parent = Job()
        val connector = FakeConnector(autoConnect = true)
        connector.connecting = FakeBehavior.Fails { OutOfMemoryError("the engine's") }
        val pool = poolOf(connector) { this.parent = CoroutineScope(parent) }
        assertFailsWith<BorrowTimeoutException> { pool.borrow(1.seconds) }
        assertTrue(parent.isActive)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aPoolThatOwnsItsConnectorClosesItOnceAndLast() = runTest {
        val config = PoolConfig.Builder().apply {
            dispatcher = StandardTestDispatcher(testScheduler)
            timeSource = testScheduler.timeSource
        }.build()
        val pool = RealPool(Endpoint("ws://fake"), config, connector, ownsConnector = true)
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
        val config = PoolConfig.Builder().apply {
            dispatcher = StandardTestDispatcher(testScheduler)
            timeSource = testScheduler.timeSource
        }.build()
        val pool = RealPool(Endpoint("ws://fake"), config, connector, ownsConnector = true)
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
            fun isOpen() = (pool as RealPool).mailbox.ask { pool.machine.phase == PoolMachine.Phase.OPEN }
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
