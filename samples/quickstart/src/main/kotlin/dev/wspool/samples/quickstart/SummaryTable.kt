package dev.wspool.samples.quickstart

import com.github.ajalt.mordant.rendering.TextAlign
import com.github.ajalt.mordant.rendering.Widget
import com.github.ajalt.mordant.table.Borders
import com.github.ajalt.mordant.table.table
import com.github.ajalt.mordant.widgets.Padding
import dev.wspool.PoolStats
import java.util.Locale
import kotlin.time.Duration
import kotlin.time.DurationUnit

/** The summary for people: how the lines fared, and what the pool made of its connections. */
fun summaryTable(summary: Summary, pool: PoolStats): Widget = table {
    cellBorders = Borders.NONE
    padding = Padding(top = 0, right = 2, bottom = 0, left = 0)
    column(1) { align = TextAlign.RIGHT }
    body {
        row("lines", summary.lines.grouped())
        row("sent", summary.sent.grouped())
        row("failed", summary.failed.grouped())
        row("replies per second", String.format(Locale.ROOT, "%,.1f", summary.repliesPerSecond))
        if (summary.sent > 0) {
            row("latency p50", summary.latency(50.0).millis())
            row("latency p95", summary.latency(95.0).millis())
            row("latency p99", summary.latency(99.0).millis())
            row("latency max", summary.latency(100.0).millis())
        }
        row("connections created", pool.created.grouped())
        row("connections reused", "${pool.reused.grouped()} times")
        summary.repliesByConnection.forEach { (id, replies) -> row("requests on $id", replies.grouped()) }
        if (summary.repliesOfOthers > 0) row("requests on others", summary.repliesOfOthers.grouped())
    }
}

private fun Long.grouped() = String.format(Locale.ROOT, "%,d", this)

private fun Duration.millis() = toString(DurationUnit.MILLISECONDS, decimals = 2)
