package dev.wspool

import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/**
 * When an endpoint of a [PoolGroup] is taken out of service, and for how long. What counts are dials that failed, pings that were not
 * answered, and close codes that say that the server is in trouble. Never more than half of the endpoints are out.
 *
 * An endpoint that is out lends nothing and is not dialled. When its time is over one dial of the group's own decides whether it serves
 * again.
 *
 * @property failures so many within [window].
 * @property firstTime how long the first time lasts; each that follows soon lasts twice as long as the one before, up to [longestTime].
 * @throws IllegalArgumentException where a number is below 1, a span is not positive or infinite, or [firstTime] exceeds [longestTime].
 */
public class Ejection
    @JvmOverloads
    constructor(
        public val failures: Int = 5,
        public val window: Duration = 30.seconds,
        public val firstTime: Duration = 10.seconds,
        public val longestTime: Duration = 5.minutes,
    ) {
        init {
            require(failures >= 1) { "failures must be at least 1, not $failures" }
            for ((name, span) in listOf("window" to window, "firstTime" to firstTime, "longestTime" to longestTime)) {
                require(span.isPositive() && span.isFinite()) { "$name must be positive and finite, not $span" }
            }
            require(firstTime <= longestTime) { "firstTime ($firstTime) must not exceed longestTime ($longestTime)" }
        }

        override fun equals(other: Any?): Boolean = other is Ejection && other.failures == failures && other.window == window &&
            other.firstTime == firstTime && other.longestTime == longestTime

        override fun hashCode(): Int = failures * 31 + window.hashCode()

        override fun toString(): String = "Ejection(after $failures failures within $window, for $firstTime to $longestTime)"
    }
