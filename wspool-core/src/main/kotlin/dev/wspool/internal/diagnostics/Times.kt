package dev.wspool.internal.diagnostics

import dev.wspool.TimeStats
import kotlin.time.Duration.Companion.ZERO
import kotlin.time.Duration.Companion.microseconds
import kotlin.time.Duration.Companion.nanoseconds

/** Measures how long something takes, in nanoseconds; told by any thread. Eight buckets to each power of two, in microseconds. */
internal class Times {
    private val counts by lazy(LazyThreadSafetyMode.NONE) { LongArray(BUCKETS) } // most pools measure one thing of three
    private var count = 0L
    private var total = 0L
    private var max = 0L

    fun record(nanos: Long): Unit = synchronized(this) {
        val time = nanos.coerceAtLeast(0)
        counts[bucketOf(time / 1_000)]++
        count++
        total += time
        if (time > max) max = time
    }

    fun stats(): TimeStats = synchronized(this) {
        if (count == 0L) return NONE
        TimeStats(count, total.nanoseconds, max.nanoseconds, quantile(0.5), quantile(0.99))
    }

    private fun quantile(part: Double) = minOf(greatestOf(indexAt(part)).microseconds, max.nanoseconds)

    private fun indexAt(part: Double): Int {
        val needed = part * count
        var seen = 0L
        return counts.indices.firstOrNull { index ->
            seen += counts[index]
            seen >= needed && seen > 0
        } ?: 0
    }

    internal companion object {
        private val NONE = TimeStats(0, ZERO, ZERO, ZERO, ZERO)
        private const val STEPS = 8
        private const val STEP_BITS = 3
        private const val BUCKETS = STEPS * 34 // up to 2^36 microseconds, 19 hours

        fun bucketOf(microseconds: Long): Int {
            if (microseconds < STEPS) return microseconds.toInt()
            val shift = Long.SIZE_BITS - 1 - STEP_BITS - microseconds.countLeadingZeroBits()
            return (STEPS * shift + (microseconds shr shift).toInt()).coerceAtMost(BUCKETS - 1)
        }

        /** One more than the greatest that falls into the bucket [index]. */
        fun greatestOf(index: Int): Long {
            if (index < STEPS) return index + 1L
            val shift = index / STEPS - 1
            return (index - STEPS * shift + 1L) shl shift
        }
    }
}
