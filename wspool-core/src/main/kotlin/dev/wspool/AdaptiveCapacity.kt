package dev.wspool

import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/**
 * Lets a pool find out how many connections it needs, and how fast it may dial. It takes the place of `maxConnections` and
 * `maxConnectsPerSecond`.
 *
 * The capacity grows by one when callers have waited in a full pool for a whole interval, and falls when dials fail or
 * connections lie idle for too long. The interval between dials becomes shorter when they go well and most connections are in
 * use, and longer when few are, or when dials fail. A full pool that is well stays as it is.
 *
 * @property minCapacity how many connections there may always be.
 * @property maxCapacity how many there may be at most.
 * @property minInterval the shortest time between two dials.
 * @property maxInterval the longest.
 */
public class AdaptiveCapacity
    @JvmOverloads
    constructor(
        public val minCapacity: Int,
        public val maxCapacity: Int,
        public val minInterval: Duration = 100.milliseconds,
        public val maxInterval: Duration = 5.seconds,
    ) {
        init {
            require(minCapacity >= 1) { "minCapacity must be at least 1, not $minCapacity" }
            require(maxCapacity >= minCapacity) { "maxCapacity ($maxCapacity) must not be below minCapacity ($minCapacity)" }
            require(minInterval.isPositive()) { "minInterval must be positive, not $minInterval" }
            require(maxInterval >= minInterval && maxInterval.isFinite()) {
                "maxInterval ($maxInterval) must be finite, and not below minInterval ($minInterval)"
            }
        }

        override fun equals(other: Any?): Boolean = other is AdaptiveCapacity &&
            other.minCapacity == minCapacity &&
            other.maxCapacity == maxCapacity &&
            other.minInterval == minInterval &&
            other.maxInterval == maxInterval

        override fun hashCode(): Int = 31 * minCapacity + maxCapacity

        override fun toString(): String = "$minCapacity to $maxCapacity connections, a dial every $minInterval to $maxInterval"
    }
