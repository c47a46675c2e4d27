package dev.wspool.internal.machine

/** The machine's settings; spans are nanoseconds, [NEVER] where a policy is off. Where they are checked: `PoolConfig`. */
internal class Limits(
    @JvmField internal val maxConnections: Int,
    @JvmField internal val minIdle: Int = 0,
    @JvmField internal val maxIdle: Int = Int.MAX_VALUE,
    @JvmField internal val maxWaiting: Int = Int.MAX_VALUE,
    @JvmField internal val maxIdleTime: Long = NEVER,
    @JvmField internal val maxLifetime: Long = NEVER,
    /** Which part of [maxLifetime] may be taken off by chance, 0 to 1. */
    @JvmField internal val lifetimeJitter: Double = 0.0,
    @JvmField internal val minRemainingLifetime: Long = 0,
    @JvmField internal val maxUses: Int = Int.MAX_VALUE,
    @JvmField internal val pingInterval: Long = NEVER,
    @JvmField internal val pongTimeout: Long = 5_000_000_000L,
    @JvmField internal val validateAfterIdle: Long = NEVER,
    @JvmField internal val validateTimeout: Long = 1_000_000_000L,
    @JvmField internal val dials: DialLimits = DialLimits(),
    /** Where these are given, they take the place of [maxConnections] and [DialLimits.connectInterval]. */
    @JvmField internal val adaptive: AdaptiveLimits? = null,
    /** How long a peer may take to answer a Close before the connection is aborted. */
    @JvmField internal val closeTimeout: Long = 2_000_000_000L,
    /** How long an engine may take to tell that an aborted connection has ended before it counts as abandoned. */
    @JvmField internal val abortTimeout: Long = 5_000_000_000L,
    /** How many leases a connection may have at a time; see [Sharing]. */
    @JvmField internal val leasesPerConnection: Int = 1,
) {
    /** How many connections serve so many [callers]. */
    internal fun connectionsFor(callers: Int): Int =
        if (leasesPerConnection == 1) callers else ((callers.toLong() + leasesPerConnection - 1) / leasesPerConnection).toInt()
}

/** Those of the [DialGovernor]. */
internal class DialLimits(
    /** 0 where connections only come by themselves; see [admit]. */
    @JvmField internal val maxConcurrentConnects: Int = Int.MAX_VALUE,
    /** What a dial costs of the time, on the average; 0 where their number is not limited. */
    @JvmField internal val connectInterval: Long = 0,
    /** How many dials may be made at once by who has made none for long. */
    @JvmField internal val connectBurst: Int = 1,
    @JvmField internal val firstBackoff: Long = 500_000_000L,
    @JvmField internal val longestBackoff: Long = 30_000_000_000L,
)

/** Those of the [AdaptiveCapacity]; no interval is 0. */
internal class AdaptiveLimits(
    @JvmField internal val minCapacity: Int,
    @JvmField internal val maxCapacity: Int,
    @JvmField internal val minInterval: Long,
    @JvmField internal val maxInterval: Long,
) {
    internal fun bound(capacity: Int): Int = capacity.coerceIn(minCapacity, maxCapacity)

    internal fun bound(interval: Long): Long = interval.coerceIn(minInterval, maxInterval)
}
