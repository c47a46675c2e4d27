package dev.wspool.internal.machine

/**
 * Bounds how long connections live and how often they are lent. The successor of a connection that the pool is to keep is
 * dialled first where there is room; the old one is lent until it is there, or its own time is up.
 */
internal class Lifetimes(private val ledger: Ledger, private val departures: Departures) {
    private val limits get() = ledger.limits
    private val roster get() = ledger.roster

    /** Chance only shortens a life, and no two lives are alike. */
    fun opened(slot: Slot, now: Long) {
        if (limits.maxLifetime == NEVER) return
        val shortened = (limits.maxLifetime * limits.lifetimeJitter).toLong().jittered(ledger.jitter)
        slot.endsAt = now.plusSpan(limits.maxLifetime)
        slot.lentUntil = slot.endsAt - limits.minRemainingLifetime
        slot.retireAt = slot.lentUntil - shortened
    }

    /** Counts a lease: the last that it may serve, and it does not come back. */
    fun lent(slot: Slot) {
        if (slot.use >= limits.maxUses && slot.ending == null) slot.ending = Ending.USED_UP
    }

    /** Does what is due of [slot]. */
    fun look(slot: Slot, now: Long) {
        when {
            slot.retireAt > now -> Unit
            slot.state == SlotState.LEASED -> if (slot.ending == null) slot.ending = Ending.LIFETIME
            roster.idle.size - roster.aging > limits.minIdle || slot.lentUntil <= now -> departures.retire(slot, Ending.LIFETIME, now)
            slot.ending == null -> roster.age(slot, Ending.LIFETIME)
        }
    }

    /** Retires those whose successors are there; and, where there is no room for a successor, one at a time. */
    fun replaceAging(now: Long) {
        while (roster.aging > 0) {
            val hasSuccessor = roster.idle.size > limits.minIdle
            val isNext = roster.size >= ledger.capacity && roster.coming == 0 && roster.closing == 0
            if (!hasSuccessor && !isNext) return
            departures.retire(roster.idle.firstOrNull { it.ending != null }!!, Ending.LIFETIME, now)
        }
    }
}
