package dev.wspool.samples.loadtest

import org.HdrHistogram.Histogram
import kotlin.time.Duration.Companion.nanoseconds

/**
 * Divides what was measured at round numbers, each by the same factor above the one before, so that both the many and the few that
 * took long are seen: as finely as [MOST] lines allow.
 */
object LatencyBuckets {
    private const val MOST = 18

    /** Round numbers of a decade: the preferred numbers of IEC 60063, E24 to E3, then whole decades. */
    private val SERIES = listOf(
        listOf(10, 11, 12, 13, 15, 16, 18, 20, 22, 24, 27, 30, 33, 36, 39, 43, 47, 51, 56, 62, 68, 75, 82, 91),
        listOf(10, 12, 15, 18, 22, 27, 33, 39, 47, 56, 68, 82),
        listOf(10, 15, 22, 33, 47, 68),
        listOf(10, 22, 47),
        listOf(10),
    )

    /** The [histogram] has nanoseconds, and is not empty. Each value counts as the greatest that it cannot tell from it. */
    fun of(histogram: Histogram): List<LatencyBucket> {
        val min = histogram.highestEquivalentValue(histogram.minValue)
        val max = histogram.highestEquivalentValue(histogram.maxValue)
        val bounds = SERIES.map { bounds(it, min, max) }.first { it.size <= MOST + 1 }
        val counts = LongArray(bounds.size - 1)
        for (value in histogram.recordedValues()) {
            val bucket = bounds.indexOfFirst { value.valueIteratedTo <= it }.coerceAtLeast(1) - 1 // zero is in the first
            counts[bucket] += value.countAddedInThisIterationStep
        }
        return counts.indices.map { LatencyBucket(bounds[it].nanoseconds, bounds[it + 1].nanoseconds, counts[it]) }
    }

    /** From the last one below [min] to the first one that is [max] or more. */
    private fun bounds(series: List<Int>, min: Long, max: Long): List<Long> {
        val all = generateSequence(1_000L) { it * 10 }.flatMap { decade -> series.asSequence().map { decade * it / 10 } }
        val bounds = mutableListOf(0L)
        for (bound in all) {
            if (bound < min) bounds.clear()
            bounds += bound
            if (bound >= max) break
        }
        return bounds
    }
}
