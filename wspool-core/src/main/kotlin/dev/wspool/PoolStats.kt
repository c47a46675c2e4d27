package dev.wspool

import kotlinx.serialization.Serializable

/**
 * What a pool holds and has done, read at one moment: the numbers of a snapshot fit each other.
 *
 * `created == idle + leased + closing + destroyed` in every snapshot.
 *
 * @property maxConnections the bound on [total], as set or as found by [AdaptiveCapacity].
 * @property idle connections that nobody holds: ready to be lent, or being proved by a ping first.
 * @property leased connections in a caller's hands.
 * @property leases what callers hold: as many as [leased], or more where connections are shared (`leasesPerConnection`).
 * @property connecting connections being opened.
 * @property closing connections whose socket is not closed yet; they still count.
 * @property waiting callers in the queue.
 * @property created connections opened since the pool was made.
 * @property destroyed connections gone since then, by reason; reasons without any are left out.
 * @property closeCodes connections whose end has a close code, by code; 1006 where no Close frame came.
 * @property connectFailures attempts to connect that failed.
 * @property connectFailuresByCause the same by the exception's name, as `ConnectRefused`.
 * @property connectTimes how long it took to open connections.
 * @property borrows leases handed out.
 * @property borrowsAtOnce those of [borrows] that did not have to wait.
 * @property reused those of [borrows] that got a connection that had been lent before.
 * @property timedOut borrows that got no connection in time.
 * @property cancelled borrows that were cancelled while they waited.
 * @property refused borrows that were turned away: [TooManyWaitersException], [PoolClosedException], a permanent
 * [ConnectFailedException] or [NetworkLostException].
 * @property borrowTimes how long borrows took that got a connection; only with `measureTimes` of [Diagnostics], as [useTimes].
 * @property useTimes how long leases were held.
 * @property leaks leases that have leaked, or were suspected to have; see [Diagnostics].
 * @property pings pings that the pool has sent.
 * @property roundTrips how long the pongs of the pool's pings took.
 * @property orphans messages that came on shared connections and belonged to no lease: replies to requests that were given up, and such
 * as answer none.
 * @property traffic what was sent and received.
 * @property errors what the application has counted with [WebSocketPool.recordError].
 */
@Serializable
public class PoolStats internal constructor(
    public val maxConnections: Int,
    public val idle: Int,
    public val leased: Int,
    public val leases: Int,
    public val connecting: Int,
    public val closing: Int,
    public val waiting: Int,
    public val created: Long,
    public val destroyed: Map<DestroyReason, Long>,
    public val closeCodes: Map<Int, Long>,
    public val connectFailures: Long,
    public val connectFailuresByCause: Map<String, Long>,
    public val connectTimes: TimeStats,
    public val borrows: Long,
    public val borrowsAtOnce: Long,
    public val reused: Long,
    public val timedOut: Long,
    public val cancelled: Long,
    public val refused: Long,
    public val borrowTimes: TimeStats,
    public val useTimes: TimeStats,
    public val leaks: Long,
    public val pings: Long,
    public val roundTrips: RoundTripStats,
    public val traffic: TrafficStats,
    public val orphans: Long,
    public val errors: Long,
) {
    /** All connections that count against [maxConnections]. */
    public val total: Int get() = idle + leased + connecting + closing

    /** Leases that were given back with something left undone or unread: their connections were closed. */
    public val dirtyReturns: Long get() = destroyed[DestroyReason.Dirty] ?: 0

    /** What part of its leases' time the pool could spend: [leased] by [maxConnections]. */
    public val utilization: Double get() = leased.toDouble() / maxConnections

    override fun toString(): String =
        "$total of $maxConnections connections: $idle idle, $leased leased, $connecting connecting, $closing closing; $waiting waiting; " +
            "$borrows borrows ($borrowsAtOnce at once, $reused reused, $timedOut timed out, $cancelled cancelled, $refused refused); " +
            "$created created, ${destroyed.values.sum()} destroyed $destroyed, $connectFailures connect failures"
}
