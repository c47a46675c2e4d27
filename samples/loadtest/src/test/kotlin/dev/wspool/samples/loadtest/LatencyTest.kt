package dev.wspool.samples.loadtest

import org.HdrHistogram.Histogram
import org.junit.jupiter.api.Test
import java.nio.ByteBuffer
import java.util.Base64
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.microseconds
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.nanoseconds

class LatencyTest {
    @Test
    fun nothingMeasuredIsNoResult() = assertNull(LatencyRecorder().result())

    @Test
    fun percentilesAreExactToThreeDigits() {
        val result = result((1..1_000).map { it.milliseconds })
        assertClose(500.milliseconds, result.p50)
        assertClose(900.milliseconds, result.p90)
        assertClose(990.milliseconds, result.p99)
        assertClose(999.milliseconds, result.p999)
        assertClose(1_000.milliseconds, result.max)
        assertClose(1.milliseconds, result.min)
        assertClose(500.5.milliseconds, result.mean)
    }

    @Test
    fun bucketsHaveNoGapsAndLoseNothing() {
        for (times in listOf(listOf(5.nanoseconds), listOf(Duration.ZERO, 3.hours), (1..500).map { (it * it).microseconds })) {
            val buckets = result(times).buckets
            assertEquals(times.size.toLong(), buckets.sumOf { it.count })
            buckets.zipWithNext().forEach { (one, next) -> assertEquals(one.to, next.from) }
            assertTrue(buckets.size <= 18, "${buckets.size} buckets")
            assertTrue(buckets.first().count > 0 && buckets.last().count > 0, "none is empty at an end: $buckets")
        }
    }

    @Test
    fun bucketsAreAsFineAsTheRangeAllows() {
        val narrow = result(listOf(100.milliseconds, 102.milliseconds, 119.milliseconds)).buckets
        assertEquals(listOf(100 to 110, 110 to 120).map { (from, to) -> from.milliseconds to to.milliseconds }, narrow.bounds())
        assertEquals(listOf(2L, 1L), narrow.map { it.count })
        val wide = result(listOf(1.milliseconds, 100.milliseconds)).buckets
        assertEquals(1.milliseconds to 1.5.milliseconds, wide.bounds()[0])
    }

    @Test
    fun hdrHasWhatOtherToolsNeed() {
        val bytes = Base64.getDecoder().decode(result(listOf(3.milliseconds, 4.milliseconds)).hdr)
        val histogram = Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(bytes), 0)
        assertEquals(2, histogram.totalCount)
        assertTrue(histogram.valuesAreEquivalent(4_000_000, histogram.maxValue))
    }

    @Test
    fun barsAreAsLongAsTheirShareAndWhatIsThereIsSeen() {
        val lines = histogram(listOf(bucket(10, 20, 4_000), bucket(20, 30, 0), bucket(30, 40, 1), bucket(40, 50, 2_000)))
        assertEquals(
            listOf(
                "      10.0 -       20.0 ms |########################################    4,000  66.7%",
                "      20.0 -       30.0 ms |                                                0   0.0%",
                "      30.0 -       40.0 ms |#                                               1   0.0%",
                "      40.0 -       50.0 ms |####################                        2,000  33.3%",
            ),
            lines,
        )
    }

    private fun result(times: List<Duration>) = assertNotNull(LatencyRecorder().apply { times.forEach(::add) }.result())

    private fun List<LatencyBucket>.bounds() = map { it.from to it.to }

    private fun bucket(from: Int, to: Int, count: Long) = LatencyBucket(from.milliseconds, to.milliseconds, count)

    private fun assertClose(expected: Duration, actual: Duration) =
        assertTrue((expected - actual).absoluteValue <= expected / 1_000, "$actual is not $expected")
}
