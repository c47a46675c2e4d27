package dev.wspool.internal

import kotlin.math.max

/** Round-trip times of pings, in nanoseconds: the last, a smoothed one (RFC 6298, 2.3), and how many took how long. */
internal class RoundTrips {
    var last = 0L
        private set
    var smoothed = 0L
        private set
    private val counts = LongArray(BUCKETS)

    fun record(time: Long): Unit = synchronized(this) {
        last = time
        smoothed = if (smoothed == 0L) time else smoothed + (time - smoothed) / SMOOTHING
        counts[bucketOf(time)]++
    }

    /** How many took up to 2^n microseconds and longer than half of that, for each n. */
    fun histogram(): LongArray = synchronized(this) { counts.copyOf() }

    private companion object {
        const val SMOOTHING = 8
        const val BUCKETS = 32

        fun bucketOf(time: Long): Int = (Long.SIZE_BITS - max(0, time / 1_000 - 1).countLeadingZeroBits()).coerceAtMost(BUCKETS - 1)
    }
}
