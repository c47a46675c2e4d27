package dev.wspool.samples.dashboard

import org.HdrHistogram.Histogram
import org.HdrHistogram.Recorder
import java.util.concurrent.TimeUnit
import kotlin.time.Duration

/** How long borrows took lately: in the last [WINDOW] intervals, so that a percentile is one of many. */
class Latency {
    private val recorder = Recorder(LONGEST, DIGITS)
    private val intervals = ArrayDeque<Histogram>()

    /** From any thread. */
    fun record(time: Duration) = recorder.recordValue(time.inWholeNanoseconds.coerceIn(1, LONGEST))

    /** Ends an interval; from one thread. */
    fun next(): Percentiles {
        intervals += recorder.getIntervalHistogram()
        if (intervals.size > WINDOW) intervals.removeFirst()
        val sum = Histogram(LONGEST, DIGITS)
        intervals.forEach(sum::add)
        if (sum.totalCount == 0L) return Percentiles(null, null)
        return Percentiles(sum.millisecondsAt(50.0), sum.millisecondsAt(99.0))
    }

    private fun Histogram.millisecondsAt(percentile: Double) = getValueAtPercentile(percentile) / 1e6

    /** Milliseconds; null where there was no borrow. */
    class Percentiles(val p50: Double?, val p99: Double?)

    private companion object {
        val LONGEST = TimeUnit.MINUTES.toNanos(1)
        const val DIGITS = 2
        const val WINDOW = 4
    }
}
