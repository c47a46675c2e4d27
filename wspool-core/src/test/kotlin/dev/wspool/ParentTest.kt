package dev.wspool

import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.advanceUntilIdle
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/** A pool under a [parent][PoolConfig.Builder.parent], and how each bears the other's end. */
@OptIn(ExperimentalCoroutinesApi::class)
class ParentTest {
    private val connector = echoing()

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
    fun theParentsCancellationIsThePoolsCloseAlsoWhereItsConnectionsEndFirst() = runTest {
        val parent = CoroutineScope(Job())
        val connector = FakeConnector(autoConnect = true)
        val pool = poolOf(connector) { this.parent = parent }
        val held = pool.borrow()
        val receiver = async { assertFailsWith<PoolClosedException> { held.receive() } }
        runCurrent()
        parent.cancel()
        connector.connections.single().dies() // as an engine's, whose coroutines are the pool's
        receiver.await()
        pool.awaitClosed()
        assertFailsWith<PoolClosedException> { held.send("x") }
        assertEquals(mapOf(DestroyReason.PoolClosed to 1L), pool.stats.destroyed)
    }

    @Test
    fun aPoolUnderTheTestsBackgroundScopeDoesNotKeepVirtualTimeRunning() = runTest {
        val pool = WebSocketPool(connector, Endpoint("ws://fake")) {
            this.parent = backgroundScope
            dispatcher = StandardTestDispatcher(testScheduler)
            timeSource = testScheduler.timeSource
        }
        pool.withConnection { send("x") }
        advanceUntilIdle() // although a connection is pinged for ever
        assertTrue(pool.stats.total <= 1)
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
}
