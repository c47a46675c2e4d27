package dev.wspool.internal.machine

// What becomes of connections, told by dials and by engines: inputs of the machine.

/**
 * Somebody connects by himself, and has to be let in first: he gets a place, which is answered as a dial is, or null where there is none.
 *
 * @param owner whose the connection will be, for those who ask by a key.
 */
internal fun PoolMachine.admit(owner: Any?): Slot? = if (phase == Phase.OPEN || phase == Phase.PAUSED) supply.admit(owner) else null

/** The dial of [slot] went well, or who came by himself has connected. */
internal fun PoolMachine.connected(slot: Slot, now: Long) {
    if (slot.state == SlotState.ENDED) { // only a crash ends a slot whose dial is unanswered
        effects.abort(slot)
        return countLate()
    }
    check(slot.state == SlotState.CONNECTING) { "$slot is ${slot.state}, and has connected" }
    member?.dialAnswered()
    tally.created++
    val isCalledOff = slot.ending != null
    health.opened(slot, now)
    lifetimes.opened(slot, now)
    if (slot.isQuiet || slot.quieten()) {
        if (slot.isDialled) governor.succeeded()
        member?.connected(now)
        makeAvailable(slot, now)
        if (slot.isDialled) adaptive.succeeded()
        ledger.reschedule(slot)
    } else {
        retireUnsolicited(slot, now)
    }
    if (!isCalledOff && slot.isDialled) supply.warmUps.dialled(null)
    effects.readinessChanged()
    freed(now)
}

/**
 * The dial of [slot] failed.
 *
 * @param isPermanent trying again would not help who waits.
 * @param retryAfter how long the server has asked to be left alone.
 */
internal fun PoolMachine.connectFailed(slot: Slot, failure: Throwable, isPermanent: Boolean, now: Long, retryAfter: Long = 0) {
    if (slot.state == SlotState.ENDED) return countLate()
    check(slot.state == SlotState.CONNECTING) { "$slot is ${slot.state}, and has failed to connect" }
    member?.dialAnswered()
    tally.connectFailures++
    ledger.move(slot, SlotState.ENDED)
    if (slot.ending == null && slot.isDialled) { // else it was called off, or came by itself, and that says nothing about the next
        val isAnother = governor.failed(slot.number, supply.lastNumber, failure, isPermanent, retryAfter, now)
        if (isAnother) adaptive.failed()
        member?.failed(now)
        if (isPermanent) queue.refuseAll(Refusal.CONNECT_FAILED)
        supply.warmUps.dialled(failure)
    }
    freed(now)
}

/** A message came to [slot] while nobody held it. */
internal fun PoolMachine.unsolicited(slot: Slot, now: Long) {
    if (slot.state != SlotState.IDLE && slot.state != SlotState.CHECKING) return // its return sees the message
    if (slot.isQuiet || slot.quieten()) return
    retireUnsolicited(slot, now)
    freed(now)
}

/** [slot] has answered a ping. */
internal fun PoolMachine.pong(slot: Slot, now: Long) {
    if (slot.state != SlotState.CHECKING) {
        health.answered(slot)
        if (!queue.isEmpty()) freed(now) // what is shared may have been in doubt
        return
    }
    health.proved(slot, now)
    reinstate(slot, now)
    ledger.reschedule(slot)
    freed(now)
}

/** The socket of [slot] is closed; [aftermath] says what that means for the rest. */
internal fun PoolMachine.lost(slot: Slot, now: Long, aftermath: Aftermath = Aftermath.REPLACE) {
    if (slot.state == SlotState.ENDED) return countLate()
    check(slot.state != SlotState.CONNECTING) { "$slot is lost before it has connected" }
    val isExpected = slot.state == SlotState.CLOSING || slot.state == SlotState.ABORTING
    departures.end(slot, if (isExpected) slot.ending!! else Ending.LOST)
    if (!isExpected) heed(aftermath, slot, now)
    freed(now)
}

private fun PoolMachine.heed(aftermath: Aftermath, slot: Slot, now: Long) {
    if (aftermath === Aftermath.REPLACE || !slot.isDialled || phase == Phase.CLOSED) return
    governor.lost(slot.number, supply.lastNumber, aftermath, now)
    member?.failed(now)
    if (aftermath.stopsFor != null) queue.refuseAll(Refusal.CONNECT_FAILED)
    if (aftermath.isSuspicious) health.suspect(now)
    if (!aftermath.shrinks) return
    while (roster.idle.size > limits.minIdle) departures.retire(roster.idle.first!!, Ending.SURPLUS, now)
    adaptive.shrunk()
}
