package dev.wspool

import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/**
 * How long a pool waits after failed dials: any span from zero up to one that doubles with each failure in a row ("full
 * jitter"), so that many pools that lost the same server do not come back to it together.
 *
 * @property initial the longest wait after the first failure.
 * @property max the longest wait after any.
 */
public class Backoff(public val initial: Duration = 500.milliseconds, public val max: Duration = 30.seconds) {
    init {
        require(initial.isPositive()) { "backoff.initial must be positive, not $initial" }
        require(max >= initial) { "backoff.max ($max) must not be below backoff.initial ($initial)" }
    }

    override fun equals(other: Any?): Boolean = other is Backoff && other.initial == initial && other.max == max

    override fun hashCode(): Int = 31 * initial.hashCode() + max.hashCode()

    override fun toString(): String = "up to $initial, doubling to $max"
}
