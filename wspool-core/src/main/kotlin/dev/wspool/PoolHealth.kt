package dev.wspool

import kotlinx.serialization.Serializable

/**
 * Whether a pool serves its callers.
 *
 * @property status up, degraded or down.
 * @property reasons why it is not up, each a sentence; empty where it is.
 */
@Serializable
public class PoolHealth internal constructor(
    public val status: Status,
    public val reasons: List<String>,
) {
    public enum class Status {
        /** Who asks gets a connection: at once, or one is dialled for him. */
        Up,

        /** Some are served, or later than they should be. */
        Degraded,

        /** Nobody is served before something changes. */
        Down,
    }

    override fun toString(): String = if (reasons.isEmpty()) "$status" else "$status: ${reasons.joinToString(" ")}"
}
