package dev.wspool.ktor.soak

import dev.wspool.PoolStats
import kotlin.time.Duration
import kotlin.time.DurationUnit

/** The figures, as they stand in docs/reliability.md. */
internal class Summary(
    private val tally: Tally,
    private val timeline: Timeline,
    private val span: Duration,
    private val stats: PoolStats,
    private val lateness: Duration,
) {
    fun figures(): String = buildString {
        appendLine("| while | times | seconds | answered | lost with their connection | no connection in time | caller's own | avoidable |")
        appendLine("|---|---|---|---|---|---|---|---|")
        for (fault in Fault.entries) appendLine(row(fault.title, "${timeline.times(fault)}", timeline.lasted(fault), tally.row(fault)))
        val calm = span - timeline.all.fold(Duration.ZERO) { sum, it -> sum + it.lasted }
        appendLine(row("all is well", "–", calm, tally.row(null)))
        val total = tally.all
        appendLine(
            "| in all | ${timeline.all.size} | ${span.whole} | ${total.sumOf { it.answered.get() }} | ${total.sumOf { it.lost.get() }} | " +
                "${total.sumOf { it.starved.get() }} | ${total.sumOf { it.own.get() }} | ${total.sumOf { it.avoidable.get() }} |",
        )
        appendLine()
        appendLine("Caller's own: ${tally.owns.entries.joinToString { "${it.value} ${it.key}" }}.")
        appendLine("The pool: ${stats.borrows} borrows, ${stats.reused} of them of a connection that had been lent before;")
        val destroyed = stats.destroyed.entries.joinToString { "${it.value} ${it.key}" }
        appendLine("${stats.created} created; destroyed: $destroyed; ${stats.connectFailures} failed dials.")
        appendLine("Worst lateness of a thread: ${lateness.inWholeMilliseconds} ms.")
    }

    fun findings(): List<Finding> {
        val idle = Fault.entries.filter { timeline.times(it) == 0 }
        val hit = Fault.entries.filter { it.detection == Duration.ZERO }.sumOf { tally.row(it).lost.get() }
        val rate = tally.all.sumOf { it.answered.get() } / span.inWholeSeconds
        return listOf(
            Finding.none("replies to the wrong caller", tally.wrong.get()),
            Finding.none("errors that were avoidable", tally.all.sumOf { it.avoidable.get() }),
            // Lest the soak pass because it did nothing.
            Finding("faults that were played", "${Fault.entries.size - idle.size} of ${Fault.entries.size}", idle.isEmpty()),
            // In all: a single reset may find no request under way.
            Finding("requests lost to faults that end connections at once", "$hit", hit > 0),
            Finding("requests answered in a second", "$rate", rate >= LOAD),
        )
    }

    private fun row(title: String, times: String, lasted: Duration, row: Tally.Row) =
        "| $title | $times | ${lasted.whole} | ${row.answered} | ${row.lost} | ${row.starved} | ${row.own} | ${row.avoidable} |"

    private val Duration.whole: String get() = "%.1f".format(toDouble(DurationUnit.SECONDS))

    private companion object {
        /** A machine that is busy with other things does less than it could, but this. */
        const val LOAD = 100
    }
}
