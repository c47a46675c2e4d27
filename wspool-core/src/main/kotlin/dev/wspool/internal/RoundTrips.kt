package dev.wspool.internal

import dev.wspool.RoundTripStats
import kotlin.time.Duration
import kotlin.time.Duration.Companion.nanoseconds

/** Measures the pool's pings; told by readers, in nanoseconds. */
internal class RoundTrips {
    private var last = 0L
    private var smoothed = 0L

    /** The mean, in which a new one has a weight of an eighth; zero before the first. */
    val mean: Duration get() = synchronized(this) { smoothed.nanoseconds }
    private val counts = LongArray(BUCKETS)

    fun record(time: Long): Unit = synchronized(this) {
        last = time
        smoothed = if (smoothed == 0L) time else smoothed + (time - smoothed) / SMOOTHING
        counts[bucketOf(time)]++
    }

    fun stats(): RoundTripStats = synchronized(this) { RoundTripStats(last.nanoseconds, smoothed.nanoseconds, counts.asList().toList()) }

    private companion object {
        const val SMOOTHING = 8
        const val BUCKETS = 32

        /** The least n for which [time] is up to 2^n microseconds. */
        fun bucketOf(time: Long): Int {
            val microseconds = (time + 999) / 1_000
            return (Long.SIZE_BITS - (microseconds - 1).coerceAtLeast(0).countLeadingZeroBits()).coerceAtMost(BUCKETS - 1)
        }
    }
}
