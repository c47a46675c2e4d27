package dev.wspool.ktor.engine.dial

import kotlinx.coroutines.suspendCancellableCoroutine
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlin.coroutines.resumeWithException

/** Threads for what blocks, or takes long: daemons, made on demand, which end when they have had nothing to do for ten seconds. */
internal class BlockingThreads private constructor(name: String, most: Int) {
    private val count = AtomicInteger()

    private val executor = ThreadPoolExecutor(most, most, IDLE_SECONDS, TimeUnit.SECONDS, LinkedBlockingQueue()) { task ->
        Thread(task, "$name-${count.incrementAndGet()}").apply { isDaemon = true }
    }.apply { allowCoreThreadTimeOut(true) }

    fun execute(task: Runnable): Unit = executor.execute(task)

    /** Runs [action] on one of the threads. Cancelled, it returns at once, and nobody waits for the action. */
    suspend fun <T> run(action: () -> T): T = suspendCancellableCoroutine { continuation ->
        executor.execute {
            val result = runCatching(action)
            result.onSuccess { value -> continuation.resume(value) { _, _, _ -> } }
            result.onFailure(continuation::resumeWithException)
        }
    }

    companion object {
        private const val IDLE_SECONDS = 10L
        private const val MOST_LOOKUPS = 16

        /** For host names. Of their own, as a name server that does not answer holds its callers for long. */
        val lookups = BlockingThreads("wspool-dns", MOST_LOOKUPS)

        /** For what TLS computes in a handshake. */
        val handshakes = BlockingThreads("wspool-tls", Runtime.getRuntime().availableProcessors().coerceAtLeast(2))
    }
}
