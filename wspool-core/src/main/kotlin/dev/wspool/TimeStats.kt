package dev.wspool

import dev.wspool.internal.diagnostics.SecondsSerializer
import kotlinx.serialization.Serializable
import kotlin.time.Duration

/**
 * How long something took, each time since the pool was made. As JSON, times are seconds.
 *
 * @property count how often.
 * @property total all times together.
 * @property max the longest.
 * @property p50 half of them took no longer; like [p99] up to an eighth above what it is.
 * @property p99 of a hundred, 99 took no longer.
 */
@Serializable
public class TimeStats internal constructor(
    public val count: Long,
    @Serializable(SecondsSerializer::class) public val total: Duration,
    @Serializable(SecondsSerializer::class) public val max: Duration,
    @Serializable(SecondsSerializer::class) public val p50: Duration,
    @Serializable(SecondsSerializer::class) public val p99: Duration,
) {
    /** [total] by [count]; zero where there were none. */
    public val mean: Duration get() = if (count == 0L) Duration.ZERO else total / count.toDouble()

    override fun toString(): String = if (count == 0L) "none" else "p50 $p50, p99 $p99, max $max, of $count"
}
