package dev.wspool.samples.benchmarks.scale

import dev.wspool.WebSocketPool
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancel
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes

/** A pool that keeps so many connections idle, and what it does meanwhile, counted by its hooks and events. */
internal class WatchedPool(private val connections: Int, url: String) : AutoCloseable {
    private val scope = CoroutineScope(Dispatchers.Default)
    private val dialsBySecond = ConcurrentHashMap<Long, AtomicInteger>()
    private val errorCount = AtomicInteger()

    @Volatile
    private var eventCount = 0

    private val pool = WebSocketPool(url) {
        maxConnections = connections
        minIdle = connections
        maxConcurrentConnects = ManyConnections.AT_ONCE
        maxConnectsPerSecond = CONNECTS_PER_SECOND
        beforeConnect { endpoint ->
            dialsBySecond.computeIfAbsent(System.nanoTime() / SECOND) { AtomicInteger() }.incrementAndGet()
            endpoint
        }
        onBackgroundError { errorCount.incrementAndGet() }
    }

    init {
        scope.launch { pool.events.collect { eventCount++ } }
    }

    val dials: Int get() = dialsBySecond.values.sumOf { it.get() }
    val mostDialsInASecond: Int get() = dialsBySecond.values.maxOf { it.get() }
    val failedDials: Long get() = pool.stats.connectFailures

    /** What `onBackgroundError` was told; without that hook, lines in the log. */
    val errors: Int get() = errorCount.get()

    /** Those that a listener got who is not the slowest. */
    val events: Int get() = eventCount

    fun awaitFull() = bounded { while (pool.stats.idle < connections) delay(POLL) }

    fun awaitEmpty() = bounded { while (pool.stats.idle > 0) delay(POLL) }

    /** Forgets the dials that were made until now. */
    fun forgetDials() = dialsBySecond.clear()

    override fun close() = bounded {
        pool.close()
        pool.awaitClosed()
        scope.cancel()
    }

    private fun bounded(step: suspend () -> Unit) = runBlocking(Dispatchers.Default) { withTimeout(2.minutes) { step() } }

    private companion object {
        /** Ten times the default: half a minute for the largest pool that is measured. */
        const val CONNECTS_PER_SECOND = 500.0
        const val SECOND = 1_000_000_000L
        val POLL = 5.milliseconds
    }
}
