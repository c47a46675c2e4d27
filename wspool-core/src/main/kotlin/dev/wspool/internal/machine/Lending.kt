package dev.wspool.internal.machine

/** Finds who gets which connection, and lends it. */
internal class Lending(
    private val ledger: Ledger,
    val queue: WaitQueue,
    private val health: Health,
    private val lifetimes: Lifetimes,
) {
    val roster get() = ledger.roster

    /**
     * The connection for [ticket], or for who insists on nothing: the newest idle one that is fit and needs no proof; where there is
     * none, the least loaded one with room.
     *
     * @param onLoud called with each that something has come to which nobody had asked for; it is not lent.
     */
    inline fun pick(ticket: Ticket?, now: Long, onLoud: (Slot) -> Unit): Slot? {
        val preferred = ticket?.let(queue::preferred)
        if (preferred != null && canHave(preferred, ticket, now)) return preferred
        val idle = roster.idle.lastOrNull { slot ->
            val isQuiet = slot.isQuiet || slot.quieten()
            if (!isQuiet) onLoud(slot)
            isQuiet && isFit(slot, ticket, now)
        }
        return idle ?: roster.sharing?.leastLoaded { isSharedWith(it, ticket, now) }
    }

    /**
     * Lends what can be lent to those who wait, in their order; from the first again where what fits whom has changed: a key has moved
     * to a connection with room, or what somebody insisted on has had its last use or was found loud, after he was passed by.
     */
    inline fun serve(now: Long, onLoud: (Slot) -> Unit) {
        do {
            var hasChanged = false
            queue.any { ticket ->
                val slot = pick(ticket, now) {
                    onLoud(it)
                    hasChanged = true
                }
                if (slot != null && grant(ticket, slot)) hasChanged = true
                hasChanged
            }
        } while (hasChanged)
    }

    /** True where others may now insist on another connection: the key of [ticket] has moved, or [slot] is lent for the last time. */
    fun grant(ticket: Ticket, slot: Slot): Boolean {
        lend(slot)
        val hasMovedKey = queue.deliver(ticket, slot)
        return hasMovedKey || slot.ending != null
    }

    fun lend(slot: Slot) {
        if (!slot.isShared) ledger.move(slot, SlotState.LEASED)
        ledger.tally.borrows++
        if (++slot.use > 1) ledger.tally.reused++
        roster.sharing?.lent(slot)
        lifetimes.lent(slot)
    }

    /** True where [slot], which others hold, may be lent to [ticket] too. */
    fun isSharedWith(slot: Slot, ticket: Ticket?, now: Long): Boolean =
        slot.ending == null && !slot.isUnproved && (ticket == null || queue.fits(ticket, slot, now))

    private fun canHave(slot: Slot, ticket: Ticket, now: Long): Boolean = when (slot.state) {
        SlotState.IDLE -> slot.isQuiet && isFit(slot, ticket, now)
        SlotState.LEASED -> slot.leaseholders?.hasRoom == true && isSharedWith(slot, ticket, now)
        else -> false
    }

    fun isFit(slot: Slot, ticket: Ticket?, now: Long): Boolean =
        !health.needsProof(slot, now) && (ticket == null || queue.fits(ticket, slot, now))
}
