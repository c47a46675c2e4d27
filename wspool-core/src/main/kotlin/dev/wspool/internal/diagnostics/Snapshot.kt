package dev.wspool.internal.diagnostics

import dev.wspool.DestroyReason
import dev.wspool.PoolStats
import dev.wspool.internal.RealPool
import dev.wspool.internal.machine.Ending

/** In a turn: what the pool holds and has done. */
internal fun RealPool.snapshot(): PoolStats = with(machine) {
    PoolStats(
        maxConnections = capacity,
        idle = roster.idle.size + roster.checking,
        leased = roster.leased,
        leases = roster.leases,
        connecting = roster.connecting,
        closing = roster.closing,
        waiting = queue.size,
        created = tally.created,
        destroyed = Ending.entries.associate { it.toReason() to tally.destroyed(it) }.filterValues { it > 0 },
        closeCodes = gauges.outcomes.closeCodes,
        connectFailures = tally.connectFailures,
        connectFailuresByCause = gauges.outcomes.connectFailures,
        connectTimes = gauges.connectTimes.stats(),
        borrows = tally.borrows,
        borrowsAtOnce = tally.borrows - tally.borrowsAfterWaiting,
        reused = tally.reused,
        timedOut = tally.timedOut,
        cancelled = tally.cancelled,
        refused = tally.refused,
        borrowTimes = gauges.borrowTimes.stats(),
        useTimes = gauges.useTimes.stats(),
        leaks = gauges.outcomes.leaks,
        pings = gauges.outcomes.pings,
        roundTrips = gauges.roundTrips.stats(),
        traffic = gauges.traffic.stats(),
        orphans = shared?.orphans ?: 0,
        errors = gauges.errors.sum(),
    )
}

internal fun Ending.toReason(): DestroyReason = when (this) {
    Ending.IDLE_TOO_LONG -> DestroyReason.IdleTooLong
    Ending.SURPLUS -> DestroyReason.Surplus
    Ending.LIFETIME -> DestroyReason.LifetimeReached
    Ending.USED_UP -> DestroyReason.UsedUp
    Ending.UNFIT -> DestroyReason.Unfit
    Ending.EVICTED -> DestroyReason.Evicted
    Ending.RESET -> DestroyReason.Reset
    Ending.ROTATED -> DestroyReason.CredentialsRotated
    Ending.GOING_AWAY -> DestroyReason.GoingAway
    Ending.NETWORK_CHANGED -> DestroyReason.NetworkChanged
    Ending.NO_PONG -> DestroyReason.PingTimeout
    Ending.DIRTY -> DestroyReason.Dirty
    Ending.INVALIDATED -> DestroyReason.Invalidated
    Ending.REJECTED -> DestroyReason.Rejected
    Ending.UNSOLICITED -> DestroyReason.UnsolicitedMessage
    Ending.LOST -> DestroyReason.Lost
    Ending.DETACHED -> DestroyReason.Detached
    Ending.POOL_CLOSED -> DestroyReason.PoolClosed
    Ending.ABANDONED -> DestroyReason.Abandoned
    Ending.LEAKED -> DestroyReason.Leaked
}
