package dev.wspool.internal.machine

import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** [Limits] as a script writes them: with spans that can be read, all that it does not name being off. */
internal fun limits(
    maxConnections: Int = 10,
    minIdle: Int = 0,
    maxIdle: Int = Int.MAX_VALUE,
    maxWaiting: Int = Int.MAX_VALUE,
    maxIdleTime: Duration = Duration.INFINITE,
    maxLifetime: Duration = Duration.INFINITE,
    lifetimeJitter: Double = 0.0,
    minRemainingLifetime: Duration = Duration.ZERO,
    maxUses: Int = Int.MAX_VALUE,
    pingInterval: Duration = Duration.INFINITE,
    pongTimeout: Duration = 5.seconds,
    validateAfterIdle: Duration = Duration.INFINITE,
    validateTimeout: Duration = 1.seconds,
    dials: DialLimits = PoolScript.DIALS,
    adaptive: AdaptiveLimits? = null,
    leasesPerConnection: Int = 1,
) = Limits(
    maxConnections = maxConnections,
    minIdle = minIdle,
    maxIdle = maxIdle,
    maxWaiting = maxWaiting,
    maxIdleTime = maxIdleTime.inWholeNanoseconds,
    maxLifetime = maxLifetime.inWholeNanoseconds,
    lifetimeJitter = lifetimeJitter,
    minRemainingLifetime = minRemainingLifetime.inWholeNanoseconds,
    maxUses = maxUses,
    pingInterval = pingInterval.inWholeNanoseconds,
    pongTimeout = pongTimeout.inWholeNanoseconds,
    validateAfterIdle = validateAfterIdle.inWholeNanoseconds,
    validateTimeout = validateTimeout.inWholeNanoseconds,
    dials = dials,
    adaptive = adaptive,
    leasesPerConnection = leasesPerConnection,
)

/** [PoolScript.DIALS] with a pace. */
internal fun dials(
    maxConcurrentConnects: Int = Int.MAX_VALUE,
    connectInterval: Duration = Duration.ZERO,
    connectBurst: Int = 1,
    firstBackoff: Duration = PoolScript.FIRST_BACKOFF,
    longestBackoff: Duration = PoolScript.LONGEST_BACKOFF,
) = DialLimits(
    maxConcurrentConnects,
    connectInterval.inWholeNanoseconds,
    connectBurst,
    firstBackoff.inWholeNanoseconds,
    longestBackoff.inWholeNanoseconds,
)
