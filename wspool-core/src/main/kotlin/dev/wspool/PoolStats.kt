package dev.wspool

/**
 * What a pool holds and has done, read at one moment: the numbers of a snapshot fit each other.
 *
 * `created == idle + leased + closing + destroyed` in every snapshot.
 *
 * @property maxConnections the bound on [total], as set or as found by [AdaptiveCapacity].
 * @property idle connections that nobody holds: ready to be lent, or being proved by a ping first.
 * @property leased connections in a caller's hands.
 * @property connecting connections being opened.
 * @property closing connections whose socket is not closed yet; they still count.
 * @property waiting callers in the queue.
 * @property created connections opened since the pool was made.
 * @property destroyed connections gone since then, by reason; reasons without any are left out.
 * @property connectFailures attempts to connect that failed.
 * @property borrows leases handed out.
 * @property borrowsAtOnce those of [borrows] that did not have to wait.
 * @property reused those of [borrows] that got a connection that had been lent before.
 * @property timedOut borrows that got no connection in time.
 * @property cancelled borrows that were cancelled while they waited.
 * @property refused borrows that were turned away: [TooManyWaitersException], [PoolClosedException] or a permanent
 * [ConnectFailedException].
 * @property roundTrips how long the pongs of the pool's pings took.
 */
public class PoolStats internal constructor(
    public val maxConnections: Int,
    public val idle: Int,
    public val leased: Int,
    public val connecting: Int,
    public val closing: Int,
    public val waiting: Int,
    public val created: Long,
    public val destroyed: Map<DestroyReason, Long>,
    public val connectFailures: Long,
    public val borrows: Long,
    public val borrowsAtOnce: Long,
    public val reused: Long,
    public val timedOut: Long,
    public val cancelled: Long,
    public val refused: Long,
    public val roundTrips: RoundTripStats,
) {
    /** All connections that count against [maxConnections]. */
    public val total: Int get() = idle + leased + connecting + closing

    override fun toString(): String =
        "$total of $maxConnections connections: $idle idle, $leased leased, $connecting connecting, $closing closing; $waiting waiting; " +
            "$borrows borrows ($borrowsAtOnce at once, $reused reused, $timedOut timed out, $cancelled cancelled, $refused refused); " +
            "$created created, ${destroyed.values.sum()} destroyed $destroyed, $connectFailures connect failures"
}
