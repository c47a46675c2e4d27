package dev.wspool.samples.loadtest

import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.DurationUnit

/** What is told before the first round and of each. */
const val RULE = "============================================================"

fun Initialization.lines(): List<String> = buildList {
    opened.forEachIndexed { index, id -> add("  Connection $index: OK (connection_id=$id)") }
    if (!isComplete) add("  ${requested - opened.size} FAILED")
    for (failure in failures) add("    ${failure.text()}")
    add("Pool initialized with ${opened.size}/$requested connections in ${time.millis.decimal(1)}ms")
}

fun Settings.banner(): List<String> = listOf(
    "",
    RULE,
    "STARTING MULTI-ROUND TEST",
    RULE,
    "Rounds: $rounds",
    "Requests per round: $concurrency",
    "Interval between rounds: $interval",
    "Expected total duration: at least ${(interval * (rounds - 1)).long("minutes")}",
    "Pool size: ${pool.of("connection")}",
    "Session lifetime: $sessionTtl",
    "Request: $request, answered within $requestTimeout",
    "Reply: ${reply()}",
    "Chaos: ${if (chaos) "the server is killed, paused and slowed, one in every second round" else "none"}",
    RULE,
)

private fun Settings.reply(): String = when {
    frames != null -> "${frames.of("frame")}, one each $frameInterval"
    replies != null -> replies.of("message")
    else -> "as many frames as the server sends before the last, which is marked"
}

fun roundBegins(round: Int, rounds: Int, elapsed: Duration, available: Int, pool: Int): String =
    "\n[Round $round/$rounds] (elapsed: ${elapsed.seconds.decimal(1)}s, pool: $available/$pool available)"

fun RoundResult.lines(): List<String> = buildList {
    add("  Completed: $ok OK, $failed FAILED in ${duration.millis.decimal(1)}ms")
    for (failure in failures) add("    ${failure.text()}")
}

fun FailureCount.text(): String = if (count == 1) "1 $type: $first" else "$count $type, the first: $first"

/** In seconds, and from a minute on in [minutes] too, as they are to be called. */
fun Duration.long(minutes: String): String {
    val inSeconds = "${seconds.decimal(1)}s"
    return if (this < 1.minutes) inSeconds else "$inSeconds (${toDouble(DurationUnit.MINUTES).decimal(1)} $minutes)"
}
