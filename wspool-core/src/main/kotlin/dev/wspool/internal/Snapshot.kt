package dev.wspool.internal

import dev.wspool.DestroyReason
import dev.wspool.PoolException
import dev.wspool.PoolStats
import dev.wspool.RoundTripStats
import dev.wspool.internal.machine.Ending
import dev.wspool.internal.machine.Phase
import dev.wspool.internal.machine.PoolMachine
import dev.wspool.internal.machine.Slot
import dev.wspool.internal.machine.SlotState

/** In a turn: what the machine holds and has done. */
internal fun PoolMachine.snapshot(roundTrips: RoundTripStats): PoolStats = PoolStats(
    maxConnections = capacity,
    idle = roster.idle.size + roster.checking,
    leased = roster.leased,
    connecting = roster.connecting,
    closing = roster.closing,
    waiting = queue.size,
    created = tally.created,
    destroyed = Ending.entries.associate { it.toReason() to tally.destroyed(it) }.filterValues { it > 0 },
    connectFailures = tally.connectFailures,
    borrows = tally.borrows,
    borrowsAtOnce = tally.borrows - tally.borrowsAfterWaiting,
    reused = tally.reused,
    timedOut = tally.timedOut,
    cancelled = tally.cancelled,
    refused = tally.refused,
    roundTrips = roundTrips,
)

/** In a turn: why the machine has nothing to lend at [now]. */
internal fun PoolMachine.shortage(now: Long): Shortage {
    val oldest = roster.slots.filter { it.state == SlotState.LEASED && it.since != Slot.UNSTAMPED }.minByOrNull { it.since }
    return Shortage(
        leased = roster.leased,
        connecting = roster.connecting,
        closing = roster.closing,
        waiting = queue.size,
        maxConnections = capacity,
        isPaused = phase == Phase.PAUSED,
        isSpokenFirst = governor.unsolicitedInARow > 0,
        longestLease = oldest?.let { now - it.since } ?: 0,
        holder = (oldest as PooledConnection?)?.holder,
        lastFailure = governor.lastFailure as PoolException?,
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
    Ending.NO_PONG -> DestroyReason.PingTimeout
    Ending.DIRTY -> DestroyReason.Dirty
    Ending.INVALIDATED -> DestroyReason.Invalidated
    Ending.REJECTED -> DestroyReason.Rejected
    Ending.UNSOLICITED -> DestroyReason.UnsolicitedMessage
    Ending.LOST -> DestroyReason.Lost
    Ending.DETACHED -> DestroyReason.Detached
    Ending.POOL_CLOSED -> DestroyReason.PoolClosed
    Ending.ABANDONED -> DestroyReason.Abandoned
}
