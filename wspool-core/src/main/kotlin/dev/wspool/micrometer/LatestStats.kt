package dev.wspool.micrometer

import dev.wspool.PoolStats
import dev.wspool.WebSocketPool
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.TimeMark
import kotlin.time.TimeSource

/** One snapshot for all the meters that a registry reads in one go. */
internal class LatestStats(private val pool: WebSocketPool) {
    private class Taken(val stats: PoolStats, val at: TimeMark)

    @Volatile
    private var taken: Taken? = null

    fun get(): PoolStats {
        val known = taken
        if (known != null && known.at.elapsedNow() < FRESH) return known.stats
        return pool.stats.also { taken = Taken(it, TimeSource.Monotonic.markNow()) }
    }

    private companion object {
        val FRESH = 100.milliseconds
    }
}
