package dev.wspool.samples.devtools

import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

class CostTest {
    @Test
    fun ratioIsHowManyTimesAsMuchTheOtherTook() {
        val table = Cost("shared", tally(2, 120, 10), 2.seconds).comparedWith(Cost("other", tally(100, 100, 500), 3.seconds))
        assertEquals(
            listOf(
                listOf("shared", "other", "ratio"),
                listOf("connections opened", "2", "100", "50.00"),
                listOf("calls", "120", "100", "0.83"),
                listOf("waited for connections", "10.0 ms", "500.0 ms", "50.00"),
                listOf("all pages", "2000.0 ms", "3000.0 ms", "1.50"),
            ),
            table.map { it.trim().split(Regex(" {2,}")) },
        )
    }

    @Test
    fun nothingHasNoRatio() {
        val table = Cost("shared", Tally(), 1.seconds).comparedWith(Cost("other", tally(1, 1, 1), 1.seconds))
        assertEquals("-", table[1].split(" ").last())
    }

    private fun tally(connections: Long, calls: Int, waiting: Int) = Tally().apply {
        opened(connections)
        repeat(calls) { called() }
        repeat(waiting) { waited(1.milliseconds) }
    }
}
