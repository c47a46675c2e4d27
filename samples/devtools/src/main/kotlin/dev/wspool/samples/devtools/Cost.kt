package dev.wspool.samples.devtools

import java.util.Locale
import kotlin.time.Duration
import kotlin.time.DurationUnit

/** What a [way] took, and how long all pages took with it. */
class Cost(private val way: String, private val tally: Tally, private val time: Duration) {
    /** The two beside each other: how many times as much the [other] took. */
    fun comparedWith(other: Cost): List<String> = listOf(
        line("", way, other.way, "ratio"),
        line("connections opened", tally.connections.toDouble(), other.tally.connections.toDouble()) { "${it.toLong()}" },
        line("calls", tally.calls.toDouble(), other.tally.calls.toDouble()) { "${it.toLong()}" },
        line("waited for connections", tally.waiting.millis, other.tally.waiting.millis) { "${it.decimal()} ms" },
        line("all pages", time.millis, other.time.millis) { "${it.decimal()} ms" },
    )

    private fun line(what: String, mine: Double, others: Double, format: (Double) -> String) =
        line(what, format(mine), format(others), if (mine > 0) (others / mine).decimal(2) else "-")

    private fun line(what: String, mine: String, others: String, ratio: String) =
        String.format(Locale.ROOT, "%-22s  %12s  %19s  %7s", what, mine, others, ratio)

    private fun Double.decimal(places: Int = 1) = String.format(Locale.ROOT, "%.${places}f", this)

    private val Duration.millis: Double get() = toDouble(DurationUnit.MILLISECONDS)
}
