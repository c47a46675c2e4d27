package dev.wspool

import dev.wspool.internal.PooledConnection
import dev.wspool.internal.RealPool
import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.Runnable
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.extension.RegisterExtension
import java.util.concurrent.Executors
import java.util.concurrent.RejectedExecutionException
import kotlin.coroutines.CoroutineContext
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** A pool whose dispatcher is slow to run, or has ended. */
@OptIn(ExperimentalCoroutinesApi::class)
class DispatcherTest {
    @JvmField
    @RegisterExtension
    internal val log = ExpectedLog()

    private val connector = echoing()

    @Test
    fun aDialThatRunsAfterTheCloseLeavesNothing() = runTest {
        val pool = poolOf(connector)
        launch(start = CoroutineStart.UNDISPATCHED) { assertFailsWith<PoolClosedException> { pool.borrow() } }
        pool.close() // the dial is decided, and its coroutine has not run
        pool.awaitClosed()
        assertTrue(connector.dialCount <= 1)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aDialThatRunsAfterTheParentsCancellationLeavesNothing() = runTest {
        val parent = Job()
        val pool = poolOf(connector) { this.parent = CoroutineScope(parent) }
        launch(start = CoroutineStart.UNDISPATCHED) { assertFailsWith<PoolClosedException> { pool.borrow() } }
        parent.cancel()
        pool.awaitClosed()
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aCloseThatRunsAfterTheParentsCancellationLeavesNothing() = runTest {
        val parent = Job()
        val connector = FakeConnector(autoConnect = true) { it.closing = FakeBehavior.Slow(1.seconds) }
        val pool = poolOf(connector) { this.parent = CoroutineScope(parent) }
        pool.withConnection { }
        pool.close() // the closing is decided, and its coroutine has not run
        parent.cancel()
        pool.awaitClosed()
        assertEquals(0, currentTime, "it was aborted at once, not when its time was over")
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aDialThatIsCancelledBeforeItIsMadeIsAnsweredAllTheSame() = runTest {
        val pool = poolOf(connector) as RealPool
        connector.connecting = FakeBehavior.Never
        val connection = PooledConnection(pool, 1)
        pool.mailbox.post { pool.machine.roster.add(connection) }
        connection.cancelDial() // effects of two turns may run in the other order
        connection.dial()
        runCurrent()
        assertEquals(1, pool.stats.connectFailures)
        assertEquals(0, connector.openConnections)
        pool.assertNothingLeft(connector)
    }

    @Test
    @Timeout(60)
    fun aPoolWhoseExecutorIsShutDownStillLendsWhatItHasAndCloses() = runBlocking {
        val executor = Executors.newSingleThreadExecutor().asCoroutineDispatcher()
        val pool = WebSocketPool(connector, Endpoint("ws://fake")) {
            dispatcher = executor
            maxConnections = 1
        }
        val held = pool.borrow()
        executor.close()
        val unconfined = CoroutineScope(Dispatchers.Unconfined).async { pool.withConnection { id } }
        held.release()
        assertEquals(held.id, unconfined.await())
        pool.withConnection { assertEquals(held.id, id) }
        assertFailsWith<PoolException> { pool.withConnection { pool.borrow(10.milliseconds) } } // it may have closed by then
        pool.assertNothingLeft(connector)
    }

    @Test
    @Timeout(20)
    fun aLeaseForACallerWhoseDispatcherRefusesComesBack() = runBlocking {
        val pool = WebSocketPool(connector, Endpoint("ws://fake")) { maxConnections = 1 }
        val held = pool.borrow()
        val hostile = Hostile()
        CoroutineScope(hostile).launch { pool.withConnection { } }
        while (pool.stats.waiting == 0) yield()
        log.expect("an effect failed\nkotlinx.coroutines.DispatchException: Coroutine dispatcher Hostile")
        hostile.isRejecting = true
        held.release()
        assertEquals(held.id, pool.borrow(5.seconds).id)
        pool.assertNothingLeft(connector)
    }

    /** A dispatcher that throws; those of executors do not, they fall back to another. */
    private class Hostile : CoroutineDispatcher() {
        var isRejecting = false

        override fun dispatch(context: CoroutineContext, block: Runnable) {
            if (isRejecting) throw RejectedExecutionException("closed")
            Dispatchers.Default.dispatch(context, block)
        }
    }
}
