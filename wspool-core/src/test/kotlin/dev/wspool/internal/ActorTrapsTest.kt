package dev.wspool.internal

import dev.wspool.BorrowTimeoutException
import dev.wspool.Endpoint
import dev.wspool.Lease
import dev.wspool.PoolClosedException
import dev.wspool.PoolConfig
import dev.wspool.WebSocketPool
import dev.wspool.assertNothingLeft
import dev.wspool.assertWhole
import dev.wspool.echoing
import dev.wspool.withConnection
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.cancel
import kotlinx.coroutines.delay
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import java.lang.ref.WeakReference
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CountDownLatch
import java.util.concurrent.CyclicBarrier
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread
import kotlin.coroutines.Continuation
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.startCoroutine
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import kotlin.test.fail
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes

/** Where a naive actor loses connections, blocks threads, or fills the stack. Real threads, as that is what it is about. */
@Timeout(60)
class ActorTrapsTest {
    private val connector = echoing()

    private fun pool(configure: PoolConfig.Builder.() -> Unit = {}) = WebSocketPool(connector, Endpoint("ws://fake")) {
        borrowTimeout = 1.minutes
        configure()
    } as RealPool

    @Test
    fun aResumedCallerMayRunANestedRunBlockingThatBorrows() = runBlocking {
        val pool = pool { maxConnections = 2 }
        val held = List(2) { pool.borrow() }
        val replies = ConcurrentLinkedQueue<String>()
        val callers = List(2) {
            CoroutineScope(Dispatchers.Unconfined).launch {
                pool.withConnection { id } // and gives it back: the nested borrow finds it
                runBlocking {
                    pool.withConnection {
                        send("nested")
                        replies += receiveText()
                    }
                }
            }
        }
        held.forEach(Lease::release)
        callers.joinAll()
        assertEquals(listOf("nested", "nested"), replies.toList())
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aCallerInARunBlockingIsServedByAReleaseFromElsewhere() {
        val pool = pool { maxConnections = 1 }
        val held = runBlocking { pool.borrow() }
        val caller = thread { runBlocking { runBlocking { pool.withConnection { send("x") } } } }
        while (pool.stats.waiting == 0) Thread.onSpinWait()
        held.release()
        caller.join()
        runBlocking { pool.assertNothingLeft(connector) }
    }

    @Test
    fun aConnectionIsBorrowedWhileAllThreadsOfTheDefaultDispatcherAreBlocked() {
        val pool = pool { maxConnections = 1 }
        whileDefaultIsBlocked {
            runBlocking {
                pool.withConnection {
                    send("dialled")
                    assertEquals("dialled", receiveText())
                }
                pool.withConnection { assertTrue(isReused) }
                val held = pool.borrow()
                val waiting = async { pool.withConnection { id } }
                val other = thread(start = false) { held.release() }
                yieldUntil { pool.stats.waiting == 1 }
                other.start()
                assertEquals(held.id, waiting.await())
                assertFailsWith<BorrowTimeoutException> { pool.withConnection { pool.borrow(10.milliseconds) } }
                pool.assertNothingLeft(connector)
            }
        }
    }

    @Test
    fun oneHundredThousandCancelledWaitersLeaveNothingBehind() = runBlocking {
        val pool = pool {
            maxConnections = 1
            maxLifetime = Duration.INFINITE // or the connection itself would have a deadline
            pingInterval = Duration.INFINITE
        }
        val held = pool.borrow()
        val remembered = ArrayList<WeakReference<Any>>()
        repeat(100) {
            val wave = CoroutineScope(Dispatchers.Unconfined + Job())
            repeat(1_000) {
                val possession = Any()
                remembered += WeakReference(possession)
                wave.launch { pool.withConnection { fail("nobody gave it back to $possession") } }
            }
            assertEquals(1_000, pool.stats.waiting)
            wave.cancel()
        }
        pool.mailbox.ask {
            assertEquals(0, pool.machine.queue.size)
            assertEquals(0, pool.machine.deadlines.size)
            assertTrue(pool.effects.queue.isEmpty)
        }
        assertEquals(100_000, pool.stats.cancelled)
        repeat(20) { if (remembered.any { it.get() != null }) System.gc() }
        assertEquals(0, remembered.count { it.get() != null }, "waiters still in memory")
        held.release()
        pool.assertNothingLeft(connector)
    }

    @Test
    fun twentyThousandUnconfinedHandOffsDoNotFillTheStack() = runBlocking {
        val pool = pool { maxConnections = 1 }
        val held = pool.borrow()
        val served = AtomicInteger()
        val callers = List(HAND_OFFS) {
            CoroutineScope(Dispatchers.Unconfined).launch { pool.withConnection { served.incrementAndGet() } }
        }
        held.release()
        callers.joinAll()
        assertEquals(HAND_OFFS, served.get())
        pool.assertNothingLeft(connector)
    }

    @Test
    fun twentyThousandHandOffsWithoutInterceptorDoNotFillTheStack() = runBlocking {
        val pool = pool { maxConnections = 1 }
        val held = pool.borrow()
        val served = CountDownLatch(HAND_OFFS)
        val failures = ConcurrentLinkedQueue<Throwable>()
        repeat(HAND_OFFS) {
            suspend { pool.withConnection { served.countDown() } }.startCoroutine(
                Continuation(EmptyCoroutineContext) { it.onFailure(failures::add) },
            )
        }
        held.release()
        assertTrue(served.await(50, TimeUnit.SECONDS), "${served.count} not served")
        assertEquals(emptyList(), failures.toList())
        pool.assertNothingLeft(connector)
    }

    @Test
    fun theUsersOwnTimeoutsLoseNothing() = runBlocking(Dispatchers.Default) {
        val pool = pool { maxConnections = 4 }
        repeat(64) {
            launch {
                repeat(500) { round -> withTimeoutOrNull(1.milliseconds) { pool.withConnection { if (round % 4 == 0) delay(1) } } }
            }
        }
        coroutineContext[Job]!!.children.toList().joinAll()
        pool.assertWhole()
        pool.assertNothingLeft(connector)
        assertTrue(pool.stats.borrows + pool.stats.cancelled >= 32_000, "${pool.stats}")
    }

    @Test
    fun aResumedCallerWhoBlocksHisThreadDoesNotHoldUpTheNext() = runBlocking {
        for (dispatcher in listOf(Dispatchers.Unconfined, null)) {
            val pool = pool { maxConnections = 2 }
            val held = List(2) { pool.borrow() }
            val bothServed = CyclicBarrier(2) // each blocks until the other is served too
            val done = CountDownLatch(2)
            repeat(2) {
                suspend { pool.withConnection { bothServed.await(50, TimeUnit.SECONDS) } }
                    .startCoroutine(Continuation(dispatcher ?: EmptyCoroutineContext) { if (it.isSuccess) done.countDown() })
            }
            held.forEach(Lease::release)
            assertTrue(done.await(50, TimeUnit.SECONDS))
            pool.assertNothingLeft(connector)
        }
    }

    @Test
    fun aRefusedCallerWhoBlocksHisThreadDoesNotHoldUpClose() = runBlocking {
        val pool = pool { maxConnections = 1 }
        pool.borrow()
        val closed = CountDownLatch(1)
        val callers = List(3) {
            CoroutineScope(Dispatchers.Unconfined).launch {
                assertFailsWith<PoolClosedException> { pool.borrow() }
                assertTrue(closed.await(50, TimeUnit.SECONDS))
            }
        }
        pool.close()
        closed.countDown()
        callers.joinAll()
        pool.assertNothingLeft(connector)
    }

    @Test
    fun callersOnAnExecutorThatIsClosedWhileTheyWaitLoseNothing() = runBlocking {
        val pool = pool { maxConnections = 1 }
        val held = pool.borrow()
        val executor = Executors.newSingleThreadExecutor().asCoroutineDispatcher()
        val caller = CoroutineScope(executor).launch { pool.withConnection { send("from where?") } }
        yieldUntil { pool.stats.waiting == 1 }
        executor.close()
        held.release()
        caller.join()
        pool.assertWhole()
        pool.assertNothingLeft(connector)
    }

    private fun whileDefaultIsBlocked(action: () -> Unit) {
        val threads = Runtime.getRuntime().availableProcessors().coerceAtLeast(2)
        val blocked = CountDownLatch(threads)
        val over = CountDownLatch(1)
        repeat(threads) {
            CoroutineScope(Dispatchers.Default).launch {
                blocked.countDown()
                over.await()
            }
        }
        blocked.await()
        try {
            action()
        } finally {
            over.countDown()
        }
    }

    private suspend fun yieldUntil(condition: () -> Boolean) {
        while (!condition()) kotlinx.coroutines.yield()
    }

    private companion object {
        const val HAND_OFFS = 20_000
    }
}
