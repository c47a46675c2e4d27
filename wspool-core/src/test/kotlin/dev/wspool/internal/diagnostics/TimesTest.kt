package dev.wspool.internal.diagnostics

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.ZERO
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.microseconds
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.nanoseconds

class TimesTest {
    private val times = Times()

    @Test
    fun noneAreAllZero() = with(times.stats()) {
        assertEquals(listOf(ZERO, ZERO, ZERO, ZERO, ZERO), listOf(total, max, p50, p99, mean))
        assertEquals(0, count)
        assertEquals("none", toString())
    }

    @Test
    fun countTotalAndLongestAreExact() {
        for (millis in 1..100) times.record(millis * 1_000_000L)
        with(times.stats()) {
            assertEquals(100, count)
            assertEquals(5050.milliseconds, total)
            assertEquals(100.milliseconds, max)
            assertEquals(50.5.milliseconds, mean)
        }
    }

    @Test
    fun quantilesAreAnEighthTooLongAtMost() {
        for (millis in 1..1_000) times.record(millis * 1_000_000L)
        with(times.stats()) {
            assertTrue(p50 in 500.milliseconds..563.milliseconds, "$p50")
            assertTrue(p99 in 990.milliseconds..1_000.milliseconds, "$p99")
        }
    }

    @Test
    fun eachBucketBeginsWhereTheOneBeforeEnds() {
        for (index in 0 until Times.bucketOf(Long.MAX_VALUE)) {
            val next = Times.greatestOf(index)
            assertEquals(index, Times.bucketOf(next - 1))
            assertEquals(index + 1, Times.bucketOf(next))
        }
    }

    @Test
    fun shortAndLongTimesAreKept() {
        times.record(-5)
        times.record(10_000.hours.inWholeNanoseconds)
        with(times.stats()) {
            assertEquals(10_000.hours, max)
            assertTrue(p50 <= 1.microseconds, "$p50")
        }
    }

    @Test
    fun spansAreSaidBriefly() = assertEquals(
        listOf("0ms", "350ms", "4.2s", "73s", "360s"),
        listOf(500.nanoseconds, 350.milliseconds, 4_230.milliseconds, 73_900.milliseconds, 0.1.hours).map { it.brief },
    )
}
