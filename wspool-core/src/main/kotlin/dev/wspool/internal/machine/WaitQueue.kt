package dev.wspool.internal.machine

/** Callers who wait, first come, first served, each until his deadline; and how each ticket comes to its end. */
internal class WaitQueue(
    private val ledger: Ledger,
    private val affinity: Affinity,
) {
    private val effects get() = ledger.effects
    private val deadlines get() = ledger.deadlines
    private val tally get() = ledger.tally
    private val tickets = Chain<Ticket>() // the longest waiting first

    /** How many of them have a [Ticket.demand]. */
    private var demanding = 0

    val size: Int get() = tickets.size
    val first: Ticket? get() = tickets.first

    /** True where not every connection fits everyone. */
    val isPicky: Boolean get() = demanding > 0

    fun isEmpty(): Boolean = tickets.isEmpty()

    /** [again]: it was served and the connection turned out unfit; it has waited longest. */
    fun add(ticket: Ticket, deadline: Long, again: Boolean) {
        ticket.state = TicketState.WAITING
        if (again) tickets.addFirst(ticket) else tickets.addLast(ticket)
        if (ticket.demand != null) demanding++
        deadlines.add(ticket, deadline)
    }

    /** Who has waited longest of those whom [slot] fits, or null. */
    fun firstFitting(slot: Slot, now: Long): Ticket? {
        if (!isPicky) return first
        tickets.forEach { if (fits(it, slot, now)) return it }
        return null
    }

    fun fits(ticket: Ticket, slot: Slot, now: Long): Boolean {
        val demand = ticket.demand ?: return true
        if (demand.isFresh && slot.use > 0 && slot.number <= demand.freshFrom) return false
        if (demand.id != null) return demand.id == slot.id
        if (slot.endsAt != NEVER && slot.endsAt - now < demand.minRemaining) return false
        if (!slot.isDialled) return demand.key == null || demand.key == slot.belongsTo // whose it is, not whom it served last
        return !demand.isHard || affinity.slotOf(demand.key!!).let { it == null || it === slot }
    }

    /** The connection that [ticket] would like best, where there is one. */
    fun preferred(ticket: Ticket): Slot? = ticket.demand?.key?.let(affinity::slotOf)?.takeIf { it in ledger.roster }

    /** How many would take a fresh connection. */
    fun countOfFresh(): Int {
        if (!isPicky) return size
        var count = 0
        tickets.forEach { if (takesFresh(it)) count++ }
        return count
    }

    fun takesFresh(ticket: Ticket): Boolean {
        val demand = ticket.demand ?: return true
        if (demand.minRemaining > ledger.limits.maxLifetime) return false // or one would be dialled after the other, for nothing
        return demand.id == null && !(demand.isHard && affinity.slotOf(demand.key!!) != null)
    }

    /** [ticket], whether in the queue or not, gets [slot], which has been lent for it. True where its key moves there from another. */
    fun deliver(ticket: Ticket, slot: Slot): Boolean {
        if (leave(ticket, TicketState.GRANTED)) tally.borrowsAfterWaiting++
        val hasMoved = ticket.demand?.key?.let { affinity.bind(it, slot) } == true
        effects.deliver(ticket, slot)
        return hasMoved
    }

    /** [ticket], whether in the queue or not, gets nothing. */
    fun refuse(ticket: Ticket, refusal: Refusal) {
        leave(ticket, TicketState.REFUSED)
        if (refusal == Refusal.TIMED_OUT) tally.timedOut++ else tally.refused++
        effects.refuse(ticket, refusal)
    }

    fun refuseAll(refusal: Refusal) {
        while (true) refuse(first ?: return, refusal)
    }

    /** False where there is nothing to cancel: [ticket] has its answer. */
    fun cancel(ticket: Ticket): Boolean {
        if (ticket.state != TicketState.WAITING) return false
        tally.cancelled++
        return leave(ticket, TicketState.CANCELLED)
    }

    inline fun forEach(action: (Ticket) -> Unit) = tickets.forEach(action)

    /** The [condition] may serve whom it is given. */
    inline fun any(condition: (Ticket) -> Boolean): Boolean = tickets.firstOrNull(condition) != null

    /** Brings [ticket] to its end; true where it had to wait. */
    private fun leave(ticket: Ticket, state: TicketState): Boolean {
        val hasWaited = ticket.state == TicketState.WAITING
        if (hasWaited) {
            tickets.remove(ticket)
            if (ticket.demand != null) demanding--
            deadlines.remove(ticket)
        }
        ticket.state = state
        return hasWaited
    }
}
