package dev.wspool.samples.loadtest

import kotlin.time.Duration

/** The report at the end of a run, as text. */
class Report(private val results: Results) {
    private val requests = results.requests
    private val total = requests.ok + requests.failed

    fun lines(): List<String> = buildList {
        heading(if (results.interrupted) "MULTI-ROUND TEST INTERRUPTED" else "MULTI-ROUND TEST COMPLETE") {
            add("Total duration: ${requests.totalTime.long("minutes")}")
        }
        heading("MULTI-ROUND SUMMARY") {}
        overall()
        performance()
        requests.latency?.let { latency ->
            section("Latency Histogram (whole requests)")
            addAll(histogram(latency.buckets))
        }
        if (requests.failures.isNotEmpty()) {
            section("Failures")
            requests.failures.forEach { add("  ${it.text()}") }
        }
        if (requests.chaos.isNotEmpty()) {
            section("Chaos")
            requests.chaos.forEach {
                add("  round ${it.round}, ${it.at.seconds.decimal(1)}s: server ${it.fault} for ${it.length.millis.decimal(1)}ms")
            }
        }
        section("Per-Round Breakdown")
        addAll(roundTable(requests.rounds, requests.chaos))
        addAll(ConnectionLines(requests.connections, total).lines())
        pool(results.pool)
    }

    private fun MutableList<String>.heading(text: String, more: () -> Unit) {
        add("")
        add(RULE)
        add(text)
        more()
        add(RULE)
    }

    private fun MutableList<String>.section(text: String) {
        add("")
        add("$text:")
    }

    private fun MutableList<String>.overall() {
        section("Overall Statistics")
        add("  Total rounds: ${requests.rounds.size}")
        add("  Total requests: $total")
        add("  Successful: ${requests.ok} (${requests.ok.percentOf(total)})")
        add("  Failed: ${requests.failed} (${requests.failed.percentOf(total)})")
        if (requests.unfinished > 0) add("  Interrupted: ${requests.unfinished}, counted as neither")
        val busy = requests.rounds.fold(Duration.ZERO) { sum, round -> sum + round.duration }
        if (busy.isPositive()) add("  Successful per second, within rounds: ${(requests.ok / busy.seconds).decimal(1)}")
    }

    private fun MutableList<String>.performance() {
        val latency = requests.latency ?: return
        section("Request Performance")
        add("  Avg duration: ${latency.mean.millis.decimal(2)}ms")
        add("  Min duration: ${latency.min.millis.decimal(2)}ms")
        add("  Max duration: ${latency.max.millis.decimal(2)}ms")
        add("  Avg frames: ${(requests.frames / requests.ok.toDouble()).decimal(1)}")
        add("  Received: ${requests.bytes.grouped()} bytes in ${requests.frames.grouped()} frames")
        add("")
        addAll(percentileTable("Whole request" to latency, "Wait for connection" to requests.waited, "First frame" to requests.firstFrame))
    }

    private fun MutableList<String>.pool(pool: PoolResult) {
        section("Final Pool Statistics")
        add("  Total requests served: ${requests.ok}")
        add("  Connections in pool: ${pool.total} (${pool.idle} idle, ${pool.leased} leased)")
        addAll(ConnectionLines(requests.connections, total).ages())
        val reasons = pool.destroyed.entries.joinToString { (reason, count) -> "$count $reason" }
        add("  Connections created: ${pool.created}, destroyed: ${reasons.ifEmpty { "0" }}, failed to connect: ${pool.connectFailures}")
        val borrows = "${pool.borrows} (${pool.borrowsAtOnce} at once, ${pool.reused} of a connection that had been lent before)"
        add("  Borrows: $borrows, timed out: ${pool.timedOut}")
    }
}
