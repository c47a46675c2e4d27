package dev.wspool.samples.dashboard

import dev.wspool.PoolStats
import dev.wspool.WebSocketPool
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlin.time.Duration.Companion.milliseconds

/** Looks at the pool and its load a few times a second, and keeps the last minute. */
class Sampler(private val keeper: PoolKeeper, private val load: Load, private val now: () -> Long = System::currentTimeMillis) {
    private val samples = ArrayDeque<Sample>()
    private val count = MutableStateFlow(0L)
    private var before: Counts? = null

    /** The number of the last sample. */
    val last: StateFlow<Long> get() = count.asStateFlow()

    suspend fun run() {
        while (true) {
            sample()
            delay(INTERVAL)
        }
    }

    /** The samples after the one that is numbered [number], as far as they are kept. */
    @Synchronized
    fun after(number: Long): List<Sample> = samples.filter { it.number > number }

    /** From one thread. */
    fun sample() {
        val pool = keeper.pool
        val counts = Counts(pool, pool.stats, load.replies.get(), load.failures.get())
        val number = count.value + 1
        keep(counts.since(before, number, now(), load.latency.next()))
        before = counts
        count.value = number
    }

    @Synchronized
    private fun keep(sample: Sample) {
        samples += sample
        if (samples.size > KEPT) samples.removeFirst()
    }

    /** What only grows, as long as the pool is the same. */
    private class Counts(val pool: WebSocketPool, val stats: PoolStats, val replies: Long, val failures: Long) {
        fun since(before: Counts?, number: Long, at: Long, borrows: Latency.Percentiles): Sample {
            val old = before?.stats?.takeIf { before.pool === pool }
            return Sample(
                number,
                at,
                idle = stats.idle,
                leased = stats.leased,
                connecting = stats.connecting,
                closing = stats.closing,
                waiting = stats.waiting,
                capacity = stats.maxConnections,
                p50 = borrows.p50,
                p99 = borrows.p99,
                replies = replies - (before?.replies ?: 0),
                failures = failures - (before?.failures ?: 0),
                opened = stats.created - (old?.created ?: 0),
                failedDials = stats.connectFailures - (old?.connectFailures ?: 0),
                gone = stats.goneSince(old),
            )
        }

        private fun PoolStats.goneSince(old: PoolStats?): Map<String, Long> =
            destroyed.entries.associate { (reason, n) -> "$reason" to n - (old?.destroyed?.get(reason) ?: 0) }.filterValues { it > 0 }
    }

    companion object {
        val INTERVAL = 250.milliseconds

        /** A minute. */
        const val KEPT = 240
    }
}
