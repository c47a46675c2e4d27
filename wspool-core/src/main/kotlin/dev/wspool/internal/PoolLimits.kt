package dev.wspool.internal

import dev.wspool.PoolConfig
import dev.wspool.internal.machine.AdaptiveLimits
import dev.wspool.internal.machine.DialLimits
import dev.wspool.internal.machine.Limits
import kotlin.time.Duration.Companion.seconds

/** The settings as the machine reads them; without [dials] connections only come by themselves. */
internal fun PoolConfig.toLimits(dials: Boolean = true) = Limits(
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
    closeTimeout = closeTimeout.inWholeNanoseconds,
    abortTimeout = abortTimeout.inWholeNanoseconds,
    leasesPerConnection = leasesPerConnection,
    adaptive = adaptiveCapacity?.run {
        AdaptiveLimits(minCapacity, maxCapacity, minInterval.inWholeNanoseconds, maxInterval.inWholeNanoseconds)
    },
    dials = DialLimits(
        maxConcurrentConnects = if (dials) maxConcurrentConnects else 0,
        connectInterval = (1.seconds / maxConnectsPerSecond).inWholeNanoseconds,
        connectBurst = maxConnectsPerSecond.toInt().coerceAtLeast(1),
        firstBackoff = backoff.initial.inWholeNanoseconds,
        longestBackoff = backoff.max.inWholeNanoseconds,
    ),
)
