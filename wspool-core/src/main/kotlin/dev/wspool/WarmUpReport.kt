package dev.wspool

/**
 * What [WebSocketPool.warmUp] has come to.
 *
 * @property requested how many connections were asked for.
 * @property ready how many of them are there, idle or leased.
 * @property failures why dials failed meanwhile, one for each that did.
 */
public class WarmUpReport internal constructor(
    public val requested: Int,
    public val ready: Int,
    public val failures: List<ConnectFailedException>,
) {
    /** True where all are there. */
    public val isComplete: Boolean get() = ready >= requested

    override fun toString(): String =
        "$ready of $requested ready" + failures.joinToString("") { "; failed: ${it.message}" }
}
