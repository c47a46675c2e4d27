package dev.wspool.internal.machine

import kotlin.random.Random

/**
 * Small pools, in which things meet; spans are short against the life of a [PoolSimulation].
 *
 * @param isPlain with none of the policies that can be left off.
 * @param leasesPerConnection which a pool cannot change; nor can it whether it [dials].
 */
internal fun Random.nextLimits(
    isPlain: Boolean,
    leasesPerConnection: Int = if (nextInt(3) > 0) 1 else nextInt(2, 5),
    dials: Boolean = nextInt(6) > 0,
): Limits {
    val maxConnections = nextInt(1, 7)
    val minIdle = if (nextBoolean()) 0 else nextInt(maxConnections + 1)
    val maxWaiting = if (nextBoolean()) Int.MAX_VALUE else nextInt(6)
    val maxIdleTime = if (nextBoolean()) NEVER else nextLong(1, 5_000_000_000L)
    val closeTimeout = nextLong(1, 1_000_000_000L)
    val abortTimeout = nextLong(1, 2_000_000_000L)
    if (isPlain) {
        return Limits(
            maxConnections,
            minIdle,
            maxWaiting = maxWaiting,
            maxIdleTime = maxIdleTime,
            dials = if (dials) PoolScript.DIALS else DialLimits(maxConcurrentConnects = 0),
            closeTimeout = closeTimeout,
            abortTimeout = abortTimeout,
            leasesPerConnection = leasesPerConnection,
        )
    }
    return Limits(
        maxConnections,
        minIdle,
        maxIdle = if (nextInt(3) > 0) Int.MAX_VALUE else minIdle + nextInt(3),
        maxWaiting,
        maxIdleTime,
        maxLifetime = if (nextBoolean()) NEVER else LONGEST_DEMAND + nextLong(1, longArrayOf(500_000_000L, 6_000_000_000L).random(this)),
        lifetimeJitter = nextInt(3) * 0.2,
        minRemainingLifetime = if (nextBoolean()) 0 else nextLong(LONGEST_DEMAND / 2),
        maxUses = if (nextBoolean()) Int.MAX_VALUE else nextInt(1, 6),
        pingInterval = if (nextBoolean()) NEVER else nextLong(1_000_000L, 3_000_000_000L),
        pongTimeout = nextLong(1, 1_000_000_000L),
        validateAfterIdle = if (nextBoolean()) NEVER else nextLong(1, 3_000_000_000L),
        validateTimeout = nextLong(1, 500_000_000L),
        dials = if (dials) nextDialLimits() else DialLimits(maxConcurrentConnects = 0),
        adaptive = if (!dials || nextInt(3) > 0) null else nextAdaptiveLimits(minIdle, maxConnections),
        closeTimeout,
        abortTimeout,
        leasesPerConnection,
    )
}

private fun Random.nextAdaptiveLimits(minIdle: Int, maxConnections: Int): AdaptiveLimits {
    val minInterval = nextLong(1, 100_000_000L)
    return AdaptiveLimits(nextInt(maxOf(1, minIdle), maxConnections + 1), maxConnections, minInterval, minInterval + nextLong(500_000_000L))
}

private fun Random.nextDialLimits() = DialLimits(
    maxConcurrentConnects = if (nextBoolean()) Int.MAX_VALUE else nextInt(1, 4),
    connectInterval = if (nextBoolean()) 0 else nextLong(1, 500_000_000L),
    connectBurst = nextInt(1, 5),
    firstBackoff = nextLong(1, 300_000_000L),
    longestBackoff = nextLong(300_000_000L, 5_000_000_000L),
)

/** What a caller wants beside any connection; [newest] is the number of the last dial. */
internal fun Random.nextDemand(newest: Long): Demand = when (nextInt(7)) {
    0 -> Demand(id = nextLong(maxOf(1, newest - 4), newest + 2))
    1 -> Demand(minRemaining = LONGEST_DEMAND - nextLong(LONGEST_DEMAND / 3))
    2 -> Demand(key = nextInt(4), isHard = true, minRemaining = nextLong(LONGEST_DEMAND))
    3 -> Demand(key = nextInt(4))
    4 -> Demand(key = if (nextBoolean()) nextInt(4) else null, isFresh = true)
    else -> Demand(key = nextInt(4), isHard = true)
}

/** What the end of a connection means for the others. */
internal fun Random.nextAftermath(): Aftermath {
    val holdFrom = nextLong(500_000_000L)
    return Aftermath(
        stopsFor = if (nextInt(5) == 0) Exception("The server has said so") else null,
        backsOff = nextInt(3) == 0,
        holdFrom,
        holdTo = if (nextInt(3) == 0) holdFrom + nextLong(1, 1_000_000_000L) else 0,
        isSuspicious = nextInt(3) == 0,
        shrinks = nextInt(3) == 0,
    )
}

/** No demand for the rest of a life is longer than any life. */
private const val LONGEST_DEMAND = 1_500_000_000L
