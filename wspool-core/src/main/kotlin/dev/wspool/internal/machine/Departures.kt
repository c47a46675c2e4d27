package dev.wspool.internal.machine

/** How connections leave: by a closing handshake, by force where that takes too long or makes no sense, or of themselves. */
internal class Departures(private val ledger: Ledger) {
    private val limits get() = ledger.limits

    /** Starts closing [slot]. */
    fun retire(slot: Slot, ending: Ending, now: Long) {
        leave(slot, ending, SlotState.CLOSING, now.plusSpan(limits.closeTimeout))
        ledger.effects.close(slot, ending)
    }

    /** Ends [slot] without a handshake: nobody is there to shake hands with. */
    fun abort(slot: Slot, ending: Ending, now: Long) {
        leave(slot, ending, SlotState.ABORTING, now.plusSpan(limits.abortTimeout))
        ledger.effects.abort(slot)
    }

    /** The peer did not answer the Close in time, or the engine did not confirm the abort. */
    fun overdue(slot: Slot, now: Long) {
        if (slot.state == SlotState.ABORTING) end(slot, Ending.ABANDONED) else abort(slot, slot.ending!!, now)
    }

    /** The socket of [slot] is closed, or the pool has nothing to do with it any more. */
    fun end(slot: Slot, ending: Ending) {
        ledger.deadlines.remove(slot)
        ledger.move(slot, SlotState.ENDED)
        slot.ending = ending
        ledger.tally.countDestroyed(ending)
        ledger.effects.gone(slot, ending)
    }

    /** Gives up the dial of [slot]; what it opens all the same is closed. */
    fun callOff(slot: Slot, ending: Ending) {
        if (slot.ending != null) return // already
        slot.ending = ending
        ledger.effects.cancelConnect(slot)
    }

    /** Ends [slot] whatever it is. */
    fun crash(slot: Slot) {
        ledger.effects.abort(slot)
        if (slot.state == SlotState.CONNECTING) ledger.tally.connectFailures++ else ledger.tally.countDestroyed(Ending.POOL_CLOSED)
        ledger.deadlines.remove(slot)
        ledger.roster.move(slot, SlotState.ENDED)
    }

    private fun leave(slot: Slot, ending: Ending, state: SlotState, goneBy: Long) {
        ledger.move(slot, state) // first: an idle slot that has an ending is counted as aging
        slot.ending = ending
        slot.goneBy = goneBy
        ledger.reschedule(slot)
    }
}
