package dev.wspool.samples.loadtest

import org.HdrHistogram.Histogram
import java.nio.ByteBuffer
import java.util.Base64
import kotlin.time.Duration
import kotlin.time.Duration.Companion.nanoseconds

/** Durations of one kind, to three digits. Used by one thread at a time. */
class LatencyRecorder {
    private val histogram = Histogram(SIGNIFICANT_DIGITS)

    fun add(time: Duration) = histogram.recordValue(time.inWholeNanoseconds.coerceAtLeast(0))

    fun live(): LiveLatency? = if (histogram.totalCount == 0L) null else LiveLatency(percentile(50.0), percentile(99.0), percentile(100.0))

    /** Null where there is none. */
    fun result(): LatencyResult? = if (histogram.totalCount == 0L) {
        null
    } else {
        LatencyResult(
            mean = histogram.mean.nanoseconds,
            min = histogram.minValue.nanoseconds,
            p50 = percentile(50.0),
            p90 = percentile(90.0),
            p99 = percentile(99.0),
            p999 = percentile(99.9),
            max = percentile(100.0),
            buckets = LatencyBuckets.of(histogram),
            hdr = encoded(),
        )
    }

    private fun percentile(percent: Double): Duration = histogram.getValueAtPercentile(percent).nanoseconds

    /** As HdrHistogram's own tools read it. */
    private fun encoded(): String {
        val buffer = ByteBuffer.allocate(histogram.neededByteBufferCapacity)
        val length = histogram.encodeIntoCompressedByteBuffer(buffer)
        return Base64.getEncoder().encodeToString(buffer.array().copyOf(length))
    }

    private companion object {
        const val SIGNIFICANT_DIGITS = 3
    }
}
