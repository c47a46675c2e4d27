package dev.wspool.internal.machine

// What the user wants of the pool as a whole, or of connections that nobody has in hand: inputs of the machine as its others.

/**
 * The peer of [slot] is going away: it is not lent again, a lease of it goes on, and a successor is dialled for that one. One
 * that goes before it has served counts as a failed dial: else a server that sends all away would be dialled for ever.
 */
internal fun PoolMachine.goingAway(slot: Slot, now: Long) {
    if (slot.ending == null) {
        if (slot.state == SlotState.LEASED) supply.oweSuccessor()
        val isWasted = slot.isDialled && slot.state != SlotState.CONNECTING && slot.use == 0
        if (isWasted) governor.lost(slot.number, supply.lastNumber, SENT_AWAY, now)
    }
    retireSoon(slot, Ending.GOING_AWAY, now)
    freed(now)
}

private val SENT_AWAY = Aftermath(backsOff = true)

/**
 * No connection that is there now is lent again; also, with [dialsToo], none that is under way.
 *
 * What had failed is forgiven: who asks for this has changed something.
 */
internal fun PoolMachine.retireAll(ending: Ending, dialsToo: Boolean, now: Long) {
    governor.forgive()
    effects.readinessChanged()
    for (slot in roster.slots.toList()) if (dialsToo || slot.state != SlotState.CONNECTING) retireSoon(slot, ending, now)
    freed(now)
}

/** [slot] is lent no more, as what its users have left open is too much; those who have it keep it. */
internal fun PoolMachine.useUp(slot: Slot, now: Long) {
    retireSoon(slot, Ending.USED_UP, now)
    freed(now)
}

internal fun PoolMachine.evictIdle(now: Long) {
    while (true) departures.retire(roster.idle.first ?: break, Ending.EVICTED, now)
    freed(now)
}

private fun PoolMachine.retireSoon(slot: Slot, ending: Ending, now: Long) {
    when (slot.state) {
        SlotState.CONNECTING -> departures.callOff(slot, ending)
        SlotState.IDLE, SlotState.CHECKING -> departures.retire(slot, ending, now)
        SlotState.LEASED -> if (slot.ending == null) slot.ending = ending
        else -> Unit // going already
    }
}

/** All idle and leased connections may have ended without being able to tell: none is lent before it is proved. */
internal fun PoolMachine.suspectAll(now: Long) {
    health.suspect(now)
    freed(now)
}

internal fun PoolMachine.pause() = lifecycle.pause(PauseCause.OWNER)

/** Ends a [pause]; what had failed is forgiven in any case. */
internal fun PoolMachine.resume(now: Long) {
    if (phase != Phase.PAUSED && phase != Phase.OPEN) return
    endPause(PauseCause.OWNER)
    freed(now)
}

internal fun PoolMachine.endPause(cause: PauseCause) {
    lifecycle.resume(cause)
    governor.forgive()
    effects.readinessChanged()
}

/** Whatever it is paused for, it goes on, with nothing that is not proved. */
internal fun PoolMachine.endPauses(now: Long) {
    if (health.isResting) health.wake(now)
    PauseCause.entries.forEach(::endPause)
    serveWaiting(now)
}

internal fun PoolMachine.reconfigure(limits: Limits, now: Long) {
    ledger.limits = limits
    governor.limits = limits.dials
    adaptive.reconfigured()
    boundIdle(now)
    while (roster.staying > ledger.capacity) {
        departures.retire(roster.idle.first ?: break, Ending.SURPLUS, now)
    }
    for (slot in roster.slots) {
        if (slot.state != SlotState.IDLE && slot.state != SlotState.LEASED) continue
        if (slot.pongBy == NEVER) health.proved(slot, now)
        ledger.reschedule(slot)
    }
    effects.readinessChanged()
    effects.wake() // spans may have become shorter
    freed(now)
}

internal fun PoolMachine.warmUp(warmUp: WarmUp, now: Long) {
    if (phase == Phase.DRAINING || phase == Phase.CLOSED) return effects.warmedUp(warmUp, supply.ready)
    adaptive.makeWayFor(warmUp.target)
    supply.warmUps.add(warmUp, supply.ready)
    freed(now) // which answers it, if all is there
}

/** Lends no more, and closes when who waits is served and all leases are back, or when [deadline] has come. */
internal fun PoolMachine.drain(now: Long, deadline: Long) {
    if (phase == Phase.CLOSED) return
    if (phase == Phase.PAUSED) endPauses(now) else serveWaiting(now) // who waits is served before what is idle goes
    lifecycle.drain(now, deadline)
    freed(now)
}

/** Closes at once: who waits is refused, leases end, connections are closed. */
internal fun PoolMachine.close(now: Long) {
    lifecycle.close(now)
    lifecycle.settle(now)
}

/** A turn has thrown: nothing is sure any more. Aborts and refuses all there is. */
internal fun PoolMachine.crash() = lifecycle.crash()
