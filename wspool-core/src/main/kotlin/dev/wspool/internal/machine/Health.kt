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
        while (true) check(roster.idle.firstOrNull { it.canPing } ?: break, now)
        if (roster.leased == 0) return // else a server that ends thousands of idle ones would have all looked at for each
        for (slot in roster.slots) {
            if (slot.state != SlotState.LEASED || !slot.canPing || slot.isInDoubt) continue
            slot.isInDoubt = true
            ping(slot, now, limits.pongTimeout)
        }
    }

    /** True where [slot], which comes back, is in doubt: then it is [SlotState.CHECKING] until it has answered the ping under way. */
    fun holdsBack(slot: Slot): Boolean {
        if (!slot.isInDoubt || slot.heard != slot.heardBefore) return false
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
        if (limits.pingInterval == NEVER || !slot.canPing) {
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
