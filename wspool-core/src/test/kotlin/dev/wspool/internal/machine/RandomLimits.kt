package dev.wspool.internal.machine

import kotlin.random.Random

/** Small pools, in which things meet; spans are short against the life of a [PoolSimulation]. */
internal fun Random.nextLimits(): Limits {
    val maxConnections = nextInt(1, 7)
    return Limits(
        maxConnections,
        minIdle = if (nextBoolean()) 0 else nextInt(maxConnections + 1),
        maxWaiting = if (nextBoolean()) Int.MAX_VALUE else nextInt(6),
        maxIdleTime = if (nextBoolean()) NEVER else nextLong(1, 5_000_000_000L),
        dials = PoolScript.DIALS,
        closeGrace = nextLong(1, 1_000_000_000L),
        abortTimeout = nextLong(1, 2_000_000_000L),
    )
}
