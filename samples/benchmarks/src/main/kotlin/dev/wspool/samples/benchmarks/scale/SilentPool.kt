package dev.wspool.samples.benchmarks.scale

import dev.wspool.Endpoint
import dev.wspool.Lease
import dev.wspool.WebSocketPool
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancel
import kotlinx.coroutines.job
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.sync.Semaphore
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import kotlin.time.Duration.Companion.minutes

/** A pool on a [SilentConnector], full from the start. Each call waits for its end. */
internal class SilentPool(private val connections: Int) : AutoCloseable {
    private val pool = WebSocketPool(SilentConnector(), Endpoint("ws://localhost/")) {
        maxConnections = connections
        maxConnectsPerSecond = 1_000_000.0
        borrowTimeout = STEP
    }

    init {
        bounded { check(pool.warmUp(connections).isComplete) }
    }

    /** Each connection is lent once and comes back: what the first lease leaves behind is there. */
    fun use() = bounded { List(connections) { pool.borrow() }.forEach(Lease::release) }

    /** As many callers wait for the pool, all of whose connections are lent. */
    fun crowd(waiters: Int): Crowd = bounded { PoolCrowd(List(connections) { pool.borrow() }, waiters).also { it.gather() } }

    override fun close() = bounded {
        pool.close()
        pool.awaitClosed()
    }

    private inner class PoolCrowd(private val held: List<Lease>, waiters: Int) : Crowd(waiters) {
        override val waiting: Int get() = pool.stats.waiting

        override suspend fun await() = pool.borrow().release()

        override fun open() = held.forEach(Lease::release)
    }
}

/** The same callers before a semaphore of kotlinx: what of their memory is the coroutine's own. */
internal class SemaphoreCrowd(waiters: Int) : Crowd(waiters) {
    private val semaphore = Semaphore(permits = 1, acquiredPermits = 1)

    @Volatile
    private var arrived = 0

    override val waiting: Int get() = arrived

    override suspend fun await() {
        arrived++ // one thread at a time starts them, see Crowd
        semaphore.acquire()
        semaphore.release()
    }

    override fun open() = semaphore.release()

    companion object {
        @JvmStatic
        fun of(waiters: Int): SemaphoreCrowd = bounded { SemaphoreCrowd(waiters).also { it.gather() } }
    }
}

/** Coroutines that wait for the same thing. */
internal abstract class Crowd(private val waiters: Int) {
    private val scope = CoroutineScope(Dispatchers.Default)

    protected abstract val waiting: Int

    protected abstract suspend fun await()

    protected abstract fun open()

    /** Returns when all wait. Started one after the other, in the caller's thread, as far as their first suspension. */
    suspend fun gather() {
        repeat(waiters) { scope.launch(start = CoroutineStart.UNDISPATCHED) { await() } }
        while (waiting < waiters) yield()
    }

    /** Lets the first go; each lets the next. Returns when all have been served. */
    fun serve() = bounded {
        open()
        scope.coroutineContext.job.children.toList().joinAll()
    }

    /** All give up. Returns when they have, and whoever held what they waited for has given it back. */
    fun cancel() = bounded {
        scope.cancel()
        scope.coroutineContext.job.join()
        open()
    }
}

private val STEP = 2.minutes

private fun <T> bounded(step: suspend () -> T): T = runBlocking(Dispatchers.Default) { withTimeout(STEP) { step() } }
