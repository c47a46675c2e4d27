package dev.wspool.samples.loadtest

import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** Results that a run could have had: those that the report and its file are tried with. */
object Sample {
    val settings = Settings(
        pool = 3, rounds = 10, concurrency = 5, interval = 30.seconds, requestTimeout = 45.seconds, sessionTtl = 10.minutes,
        address = null, auth = "header", frames = 10, frameInterval = 20.milliseconds, replies = null,
        request = "12,345 bytes of binary from audio.pcm", chaos = false,
    )

    val initialization = Initialization(3, listOf("abc123", "def456", "ghi789"), emptyList(), 120.5.milliseconds)

    val latency = LatencyResult(
        mean = 2_450.milliseconds, min = 2_200.milliseconds, p50 = 2_440.milliseconds, p90 = 2_600.milliseconds,
        p99 = 2_690.milliseconds, p999 = 2_700.milliseconds, max = 2_700.milliseconds,
        buckets = listOf(
            LatencyBucket(2_000.milliseconds, 2_400.milliseconds, 20),
            LatencyBucket(2_400.milliseconds, 2_700.milliseconds, 30),
        ),
        hdr = "SElTVA==",
    )

    private val calm = RequestResults(
        totalTime = 275.seconds,
        rounds = listOf(round(1, 0.0, 2_500), round(2, 32.5, 2_400), round(10, 272.5, 2_300)),
        ok = 50, failed = 0, wrong = 0, unfinished = 0, frames = 500, bytes = 512_000,
        latency = latency, waited = latency.copy(p50 = 0.1.milliseconds), firstFrame = latency.copy(p50 = 22.25.milliseconds),
        failures = emptyList(), chaos = emptyList(),
        connections = listOf(
            ConnectionResult("ghi789", 16, 275.seconds, null),
            ConnectionResult("abc123", 17, 275.seconds, null),
            ConnectionResult("def456", 17, 275.seconds, null),
        ),
    )

    private val pool = PoolResult(
        total = 3, idle = 3, leased = 0, created = 3, destroyed = emptyMap(), connectFailures = 0,
        borrows = 50, borrowsAtOnce = 30, reused = 47, timedOut = 0,
    )

    /** All went well: the numbers of the example that is to be surpassed. */
    val well = Results("2026-11-22T10:00:00Z", interrupted = false, settings, initialization, calm, pool)

    /** A server was killed, and somebody lost patience. */
    val troubled: Results = run {
        val lost = FailureCount("ConnectionLostException", 3, "Connection abc123 was lost: close code 1006")
        val late = FailureCount("BorrowTimeoutException", 1, "No connection within 45s")
        well.copy(
            interrupted = true,
            settings = settings.copy(chaos = true),
            requests = calm.copy(
                totalTime = 42.seconds,
                rounds = listOf(
                    round(1, 0.0, 2_500),
                    round(2, 32.5, 9_400)
                        .copy(ok = 0, failed = 4, unfinished = 1, median = null, max = null, failures = listOf(lost, late)),
                ),
                ok = 5, failed = 4, unfinished = 1, frames = 50, bytes = 51_200,
                failures = listOf(lost, late),
                chaos = listOf(ChaosResult("killed", 2, 32.6.seconds, 765.25.milliseconds)),
                connections = listOf(
                    ConnectionResult("abc123", 8, 33.seconds, "Lost"),
                    ConnectionResult("def456", 0, 2.5.seconds, null),
                ),
            ),
            pool = pool.copy(total = 1, idle = 1, created = 4, destroyed = mapOf("Lost" to 3L), connectFailures = 5, timedOut = 1),
        )
    }

    private fun round(number: Int, at: Double, duration: Int) = RoundResult(
        round = number, at = at.seconds, available = 3, duration = duration.milliseconds, ok = 5, failed = 0, unfinished = 0,
        median = (duration - 100).milliseconds, max = duration.milliseconds, failures = emptyList(),
    )
}
