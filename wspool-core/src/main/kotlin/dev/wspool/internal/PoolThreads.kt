package dev.wspool.internal

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.asCoroutineDispatcher
import java.util.concurrent.LinkedTransferQueue
import java.util.concurrent.RejectedExecutionHandler
import java.util.concurrent.ScheduledThreadPoolExecutor
import java.util.concurrent.ThreadFactory
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger

/**
 * Threads of all pools of the process, which come when there is something to do, and go when there is nothing.
 *
 * Not those of `Dispatchers.IO`: it shares its workers with `Default`, whose every dispatch wakes a parked one, in vain where the
 * processors are taken. One worker that a pool kept for itself made contended borrows eight times as slow.
 */
internal object PoolThreads {
    /** One thread, for what pools do themselves. Nothing runs here that anybody else has written, so nobody blocks it. */
    val own: CoroutineDispatcher = ScheduledThreadPoolExecutor(1, factory("wspool"))
        .apply {
            removeOnCancelPolicy = true
            setKeepAliveTime(IDLE, TimeUnit.SECONDS)
            allowCoreThreadTimeOut(true)
        }.asCoroutineDispatcher()

    /** Threads for what others have written, which may block them: engines, hooks, callers who have no dispatcher. */
    val foreign: CoroutineDispatcher = onDemand(MOST, "wspool-io").asCoroutineDispatcher()

    private const val MOST = 64 // as many as Dispatchers.IO has
    private const val IDLE = 10L

    fun onDemand(most: Int, name: String) = ThreadPoolExecutor(0, most, IDLE, TimeUnit.SECONDS, Demand(), factory(name), Demand.Kept)

    /**
     * Hands a task to a thread that waits for one, else asks for one more thread; where there are enough, it keeps the task. An
     * executor alone starts either all its threads before it uses one again, or none before its queue is full.
     */
    private class Demand : LinkedTransferQueue<Runnable>() {
        override fun offer(task: Runnable): Boolean = tryTransfer(task)

        object Kept : RejectedExecutionHandler {
            override fun rejectedExecution(task: Runnable, executor: ThreadPoolExecutor) {
                executor.queue.put(task)
            }
        }
    }

    /** Daemons, which keep no program running, and no application in memory whose class loader made the first pool. */
    private fun factory(name: String): ThreadFactory {
        val number = AtomicInteger()
        return ThreadFactory { task ->
            Thread(null, task, "$name-${number.incrementAndGet()}").apply {
                isDaemon = true
                contextClassLoader = PoolThreads::class.java.classLoader
            }
        }
    }
}
