package dev.wspool.samples.loadtest

import kotlin.time.Duration

/** One round, while it runs. Used by one thread at a time. */
class RoundRecorder(val number: Int, val requests: Int, private val available: Int, private val at: Duration) {
    private val times = ArrayList<Duration>(requests)
    private val failures = LinkedHashMap<String, FailureCount>()
    private var failed = 0

    val done: Int get() = times.size + failed

    fun answered(time: Duration) {
        times += time
    }

    fun failed(cause: FailureCount) {
        failed++
        failures.merge(cause.type, cause) { sofar, _ -> sofar.copy(count = sofar.count + 1) }
    }

    fun result(now: Duration): RoundResult {
        times.sort()
        return RoundResult(
            round = number,
            at = at,
            available = available,
            duration = now - at,
            ok = times.size,
            failed = failed,
            unfinished = requests - done,
            median = times.getOrNull((times.size - 1) / 2),
            max = times.lastOrNull(),
            failures = failures.values.toList(),
        )
    }
}
