package dev.wspool.micrometer

import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.TimeMark
import kotlin.time.TimeSource

/** One snapshot for all the meters that a registry reads in one go. */
internal class LatestStats<S : Any>(private val read: () -> S) {
    private class Taken<S>(val stats: S, val at: TimeMark)

    @Volatile
    private var taken: Taken<S>? = null

    fun get(): S {
        val known = taken
        if (known != null && known.at.elapsedNow() < FRESH) return known.stats
        return read().also { taken = Taken(it, TimeSource.Monotonic.markNow()) }
    }

    private companion object {
        val FRESH = 100.milliseconds
    }
}
