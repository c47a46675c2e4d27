package dev.wspool

import kotlinx.serialization.Serializable

/**
 * What a group holds and has done, read at one moment.
 *
 * @property maxConnections the bound on the connections of all endpoints together.
 * @property waiting callers in the queue.
 * @property borrows leases handed out.
 * @property borrowsAtOnce those of [borrows] that did not have to wait.
 * @property timedOut borrows that got no connection in time.
 * @property cancelled borrows that were cancelled while they waited.
 * @property refused borrows that were turned away.
 * @property ejections how often an endpoint was taken out of service.
 * @property endpoints the pool of each endpoint, those that are being removed too.
 */
@Serializable
public class GroupStats internal constructor(
    public val maxConnections: Int,
    public val waiting: Int,
    public val borrows: Long,
    public val borrowsAtOnce: Long,
    public val timedOut: Long,
    public val cancelled: Long,
    public val refused: Long,
    public val ejections: Long,
    public val endpoints: List<EndpointStats>,
) {
    /** All connections that count against [maxConnections]. */
    public val total: Int get() = endpoints.sumOf { it.pool.total }

    /** Connections in callers' hands. */
    public val leased: Int get() = endpoints.sumOf { it.pool.leased }

    /** Connections that nobody holds. */
    public val idle: Int get() = endpoints.sumOf { it.pool.idle }

    override fun toString(): String =
        "$total of $maxConnections connections to ${endpoints.size} endpoints: $idle idle, $leased leased; $waiting waiting; " +
            "$borrows borrows ($borrowsAtOnce at once, $timedOut timed out, $cancelled cancelled, $refused refused); " +
            "$ejections ejections" + endpoints.joinToString("") { "\n  $it" }
}

/**
 * One endpoint of a group.
 *
 * @property address the endpoint's, without secrets.
 * @property state whether it serves.
 * @property pool what its pool holds and has done; its callers wait in the group.
 */
@Serializable
public class EndpointStats internal constructor(
    public val address: String,
    public val state: EndpointState,
    public val pool: PoolStats,
) {
    override fun toString(): String =
        "$address is $state: ${pool.total} of ${pool.maxConnections} connections, ${pool.leased} leased, ${pool.borrows} borrows"
}

/** Whether an endpoint of a group serves. */
public enum class EndpointState {
    /** It does. */
    Serving,

    /** It has failed too often: see [Ejection]. */
    Ejected,

    /** A dial is to show whether it serves again. */
    Probing,

    /** It is no endpoint of the group any more, and goes when its leases are back. */
    Leaving,
}
