package dev.wspool

import dev.wspool.internal.diagnostics.SecondsSerializer
import kotlinx.serialization.Serializable
import kotlin.time.Duration
import kotlin.time.Duration.Companion.microseconds

/**
 * How long the pongs of the pool's own pings took.
 *
 * @property last the last one.
 * @property smoothed a mean in which a new one has a weight of an eighth (RFC 6298, 2.3).
 * @property counts how many took up to 2^n microseconds and longer than half of that, at index n.
 */
@Serializable
public class RoundTripStats internal constructor(
    @Serializable(SecondsSerializer::class) public val last: Duration,
    @Serializable(SecondsSerializer::class) public val smoothed: Duration,
    public val counts: List<Long>,
) {
    /** How many there were. */
    public val total: Long get() = counts.sum()

    /** The time that the part [quantile] of them, from 0 to 1, did not exceed: a power of two in microseconds, so at most double. */
    public fun quantile(quantile: Double): Duration {
        require(quantile in 0.0..1.0) { "quantile must be from 0 to 1, not $quantile" }
        val needed = quantile * total
        var seen = 0L
        val index = counts.indices.firstOrNull { index ->
            seen += counts[index]
            seen >= needed && seen > 0
        }
        return if (index == null) Duration.ZERO else (1L shl index).microseconds
    }

    override fun toString(): String = "last $last, smoothed $smoothed, p99 below ${quantile(0.99)}, of $total pings"
}
