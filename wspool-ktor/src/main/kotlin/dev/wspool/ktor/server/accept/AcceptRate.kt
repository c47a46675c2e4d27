package dev.wspool.ktor.server.accept

import kotlin.time.TimeSource

/** Lets so many pass in a second: a token bucket that holds a second's worth, and at least one. */
internal class AcceptRate(private val perSecond: Double, private val time: TimeSource.WithComparableMarks = TimeSource.Monotonic) {
    private val most = perSecond.coerceAtLeast(1.0)
    private var tokens = most
    private var at = time.markNow()

    fun tryPass(): Boolean {
        if (perSecond.isInfinite()) return true
        return synchronized(this) {
            val now = time.markNow()
            tokens = minOf(most, tokens + (now - at).inWholeNanoseconds / NANOS * perSecond)
            at = now
            (tokens >= 1).also { if (it) tokens-- }
        }
    }

    private companion object {
        const val NANOS = 1e9
    }
}
