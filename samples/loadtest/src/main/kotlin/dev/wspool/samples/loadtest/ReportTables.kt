package dev.wspool.samples.loadtest

import java.util.Locale
import kotlin.time.Duration

private const val BAR_WIDTH = 40
private const val MOST_ROUNDS = 40

/** Bars, the longest for the bucket with the most. */
fun histogram(buckets: List<LatencyBucket>): List<String> {
    val most = buckets.maxOf { it.count }
    val all = buckets.sumOf { it.count }
    val places = if (buckets.first().to.millis < 1) 3 else 1
    return buckets.map { bucket ->
        // Something that is there is seen.
        val length = if (bucket.count == 0L) 0 else (BAR_WIDTH * bucket.count / most).toInt().coerceAtLeast(1)
        val bounds = row("%10s - %10s ms", bucket.from.millis.decimal(places), bucket.to.millis.decimal(places))
        row("%s |%-${BAR_WIDTH}s %8s %6s", bounds, "#".repeat(length), bucket.count.grouped(), bucket.count.percentOf(all))
    }
}

/** In milliseconds. */
fun percentileTable(vararg kinds: Pair<String, LatencyResult?>): List<String> {
    val format = "  %-20s %10s %10s %10s %10s %10s"
    val rows = kinds.mapNotNull { (name, latency) ->
        latency?.run { row(format, name, p50.cell(), p90.cell(), p99.cell(), p999.cell(), max.cell()) }
    }
    return listOf(row(format, "(ms)", "p50", "p90", "p99", "p99.9", "max")) + rows
}

/** Where there are many rounds, of the first ones and the last. */
fun roundTable(rounds: List<RoundResult>, chaos: List<ChaosResult>): List<String> {
    val troubles = chaos.associate { it.round to it.fault }
    val format = "  %-6s %-10s %-14s %-6s %-6s %-12s %-12s %s"
    val names = listOf("Round", "Time(s)", "Duration(ms)", "OK", "FAIL", "Median(ms)", "Max(ms)", if (chaos.isEmpty()) "" else "Server")
    val rules = listOf(6, 10, 14, 6, 6, 12, 12, if (chaos.isEmpty()) 0 else 6).map { "-".repeat(it) }
    val head = listOf(names, rules).map { row(format, *it.toTypedArray()) }
    val rows = rounds.map {
        val time = it.at.seconds.decimal(1)
        val trouble = troubles[it.round].orEmpty()
        row(format, it.round, time, it.duration.millis.decimal(1), it.ok, it.failed, it.median.cell(), it.max.cell(), trouble)
    }
    if (rows.size <= MOST_ROUNDS) return head + rows
    val half = MOST_ROUNDS / 2
    return head + rows.take(half) + "  ... ${rows.size - MOST_ROUNDS} more ..." + rows.takeLast(half)
}

private fun Duration?.cell() = this?.millis?.decimal(1) ?: "-"

private fun row(format: String, vararg cells: Any) = String.format(Locale.ROOT, format, *cells).trimEnd()
