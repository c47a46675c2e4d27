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
     * The idle connection for [ticket], or for who insists on nothing: the newest that is fit and needs no proof.
     *
     * @param onLoud called with each that something has come to which nobody had asked for; it is not lent.
     */
    inline fun pick(ticket: Ticket?, now: Long, onLoud: (Slot) -> Unit): Slot? {
        val preferred = ticket?.let(queue::preferred)
        if (preferred != null && preferred.state == SlotState.IDLE && preferred.isQuiet && isFit(preferred, ticket, now)) return preferred
        return roster.idle.lastOrNull { slot ->
            val isQuiet = slot.isQuiet || slot.quieten()
            if (!isQuiet) onLoud(slot)
            isQuiet && isFit(slot, ticket, now)
        }
    }

    /** Lends what lies idle to those who wait, in their order. */
    inline fun serveIdle(now: Long, onLoud: (Slot) -> Unit) {
        queue.forEach { ticket -> pick(ticket, now, onLoud)?.let { grant(ticket, it) } }
    }

    fun grant(ticket: Ticket, slot: Slot) {
        lend(slot)
        queue.deliver(ticket, slot)
    }

    fun lend(slot: Slot) {
        ledger.move(slot, SlotState.LEASED)
        ledger.tally.borrows++
        if (++slot.use > 1) ledger.tally.reused++
        lifetimes.lent(slot)
    }

    fun isFit(slot: Slot, ticket: Ticket?, now: Long): Boolean =
        !health.needsProof(slot, now) && (ticket == null || queue.fits(ticket, slot, now))
}
