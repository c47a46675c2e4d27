package dev.wspool.internal.machine

/**
 * Proves that connections live. One that has been silent for [Limits.pingInterval] is pinged; whatever it says, a pong or
 * anything else, is proof. Where nothing comes, it is aborted, and the others are suspect.
 *
 * A ping under way does not keep an idle connection from being lent, unless its life is in doubt: then it is
 * [SlotState.CHECKING] until it has answered.
 */
internal class Health(private val ledger: Ledger, private val departures: Departures) {
    private val limits get() = ledger.limits
    private val roster get() = ledger.roster

    /** True while nobody can answer: nothing is pinged, and nothing is due of it. Ends with [wake]. */
    var isResting = false

    /** There is somebody to answer again, and no connection is to be trusted. */
    fun wake(now: Long) {
        isResting = false
        suspect(now)
    }

    /** Sets when [slot] is to be pinged first. */
    fun opened(slot: Slot, now: Long) = pingLater(slot, now)

    /** True where [slot], which is idle, has been silent for too long to be lent unproved. */
    fun needsProof(slot: Slot, now: Long): Boolean = limits.validateAfterIdle != NEVER &&
        slot.since != Slot.UNSTAMPED &&
        slot.canPing &&
        now - maxOf(slot.since, slot.pongAt) >= limits.validateAfterIdle

    /** Pings the idle [slot], which is not lent before it has answered. */
    fun check(slot: Slot, now: Long) {
        ledger.move(slot, SlotState.CHECKING)
        ping(slot, now, minOf(limits.validateTimeout, limits.pongTimeout))
    }

    /** A connection ended in a way in which others may have ended without being able to tell. */
    fun suspect(now: Long) {
        if (isResting) return // all are suspect when it ends
        while (true) check(roster.idle.firstOrNull { it.canPing } ?: break, now)
        if (roster.leased == 0) return // else a server that ends thousands of idle ones would have all looked at for each
        for (slot in roster.slots) {
            if (slot.state != SlotState.LEASED || !slot.canPing || slot.isInDoubt) continue
            slot.isInDoubt = true
            ping(slot, now, limits.pongTimeout)
        }
    }

    /**
     * True where [slot], which comes back, is in doubt: then it is [SlotState.CHECKING] until it has answered the ping under way. Where
     * others hold it it stays with them, and is lent to nobody else until then.
     */
    fun holdsBack(slot: Slot): Boolean {
        if (!slot.isUnproved) return false
        if (slot.isShared) return true
        ledger.move(slot, SlotState.CHECKING)
        ledger.reschedule(slot)
        return true
    }

    /** [slot] was alive at [time]. What is due of it has changed, and is the caller's to enter. */
    fun proved(slot: Slot, time: Long) {
        slot.pongBy = NEVER
        slot.isInDoubt = false
        pingLater(slot, time)
    }

    /** Does what is due of [slot]; false where it had its time to answer and has not. */
    fun look(slot: Slot, now: Long): Boolean {
        if (minOf(slot.pongBy, slot.pingAt) > now) return true
        val wasPinged = slot.pongBy <= now
        when {
            slot.heard != slot.heardBefore || slot.isParked -> proved(slot, if (wasPinged) slot.pingedAt else now)
            wasPinged -> return false
            else -> ping(slot, now, limits.pongTimeout)
        }
        return true
    }

    /** [slot] has said something: nothing is due of the ping under way any more, and a phone is not woken to find that out. */
    fun answered(slot: Slot) {
        if (slot.state != SlotState.IDLE && slot.state != SlotState.LEASED) return
        if (slot.pongBy == NEVER || slot.heard == slot.heardBefore) return // or the pong is that of an earlier ping
        val firstDue = ledger.deadlines.first
        proved(slot, slot.pingedAt)
        ledger.reschedule(slot)
        if (ledger.deadlines.first > firstDue) ledger.effects.wake() // to sleep for longer
    }

    /** [slot] has not answered. */
    fun lost(slot: Slot, now: Long) {
        departures.abort(slot, Ending.NO_PONG, now)
        suspect(now)
    }

    private fun ping(slot: Slot, now: Long, timeout: Long) {
        slot.heardBefore = slot.heard
        slot.pingAt = NEVER
        slot.pingedAt = now
        slot.pongBy = now.plusSpan(timeout)
        ledger.reschedule(slot)
        ledger.effects.ping(slot)
    }

    /** A tenth sooner or later, and in batches: many connections that were opened together are not pinged together. */
    private fun pingLater(slot: Slot, now: Long) {
        slot.heardBefore = slot.heard
        if (limits.pingInterval == NEVER || !slot.canPing || isResting) {
            slot.pingAt = NEVER
        } else {
            val at = now.plusSpan(limits.pingInterval - (limits.pingInterval / 10).jittered(ledger.jitter))
            slot.pingAt = at - at % maxOf(1, minOf(limits.pingInterval / 10, BATCH))
        }
    }

    private companion object {
        /** 100 ms. */
        const val BATCH = 100_000_000L
    }
}
