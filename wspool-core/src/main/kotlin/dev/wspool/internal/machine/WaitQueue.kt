package dev.wspool.internal.machine

/** Callers who wait, first come, first served, each until his deadline; and how each ticket comes to its end. */
internal class WaitQueue(private val effects: PoolEffects, private val deadlines: Deadlines, private val tally: Tally) {
    private val tickets = Chain<Ticket>() // the longest waiting first

    val size: Int get() = tickets.size
    val first: Ticket? get() = tickets.first

    fun isEmpty(): Boolean = tickets.isEmpty()

    fun add(ticket: Ticket, deadline: Long) {
        ticket.state = TicketState.WAITING
        tickets.addLast(ticket)
        deadlines.add(ticket, deadline)
    }

    /** [ticket], whether in the queue or not, gets [slot], which has been lent for it. */
    fun deliver(ticket: Ticket, slot: Slot) {
        if (leave(ticket, TicketState.GRANTED)) tally.borrowsAfterWaiting++
        effects.deliver(ticket, slot)
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

    /** Brings [ticket] to its end; true where it had to wait. */
    private fun leave(ticket: Ticket, state: TicketState): Boolean {
        val hasWaited = ticket.state == TicketState.WAITING
        if (hasWaited) {
            tickets.remove(ticket)
            deadlines.remove(ticket)
        }
        ticket.state = state
        return hasWaited
    }
}
