package dev.wspool

import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** What becomes of clients that read more slowly than [AcceptedPool.broadcast] sends. Nobody else ever waits for them. */
public sealed class SlowReaders {
    /** How many messages wait for such a client, beside the one that is being sent. */
    public abstract val waiting: Int

    /** It misses what comes while [waiting] messages wait for it: for news of which only the newest counts. */
    public class Drop
        @JvmOverloads
        constructor(override val waiting: Int = 0) : SlowReaders() {
            init {
                require(waiting >= 0) { "waiting must not be negative: $waiting" }
            }
        }

    /**
     * It gets all that others get, or is disconnected: where [waiting] messages wait for it and another comes, or a message takes longer than
     * [after]. Who has borrowed it finds it lost.
     */
    public class Disconnect
        @JvmOverloads
        constructor(override val waiting: Int = 64, public val after: Duration = 10.seconds) : SlowReaders() {
            init {
                require(waiting >= 0) { "waiting must not be negative: $waiting" }
                require(after.isPositive()) { "after must be positive, not $after" }
            }
        }
}

/**
 * What became of a [AcceptedPool.broadcast].
 *
 * @property sent to how many the engine has taken it at once.
 * @property waiting how many read slowly: it goes to them when they have caught up.
 * @property dropped how many miss it, by [SlowReaders.Drop].
 * @property disconnected how many were disconnected for it, by [SlowReaders.Disconnect].
 */
public class BroadcastReport internal constructor(
    public val sent: Int,
    public val waiting: Int,
    public val dropped: Int,
    public val disconnected: Int,
) {
    override fun toString(): String = "$sent sent, $waiting waiting, $dropped dropped, $disconnected disconnected"
}
