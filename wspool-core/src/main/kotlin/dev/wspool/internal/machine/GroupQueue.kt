package dev.wspool.internal.machine

/** Callers who wait in a group, the longest waiting first, each until his deadline, and who is counted on for whom. */
internal class GroupQueue(private val ledger: GroupLedger) {
    private val tally get() = ledger.tally
    private val tickets = Chain<Ticket>()
    val deadlines = Deadlines()

    val size: Int get() = tickets.size

    fun isEmpty(): Boolean = tickets.isEmpty()

    /** @param again after what it got turned out unfit: it keeps its place, which is the first. */
    fun add(ticket: Ticket, deadline: Long, again: Boolean) {
        ticket.state = TicketState.WAITING
        if (again) tickets.addFirst(ticket) else tickets.addLast(ticket)
        (ticket as Call).only?.let { it.awaiting++ }
        deadlines.add(ticket, deadline)
    }

    /** The [action] may take out the element that it is given. */
    inline fun forEach(action: (Ticket) -> Unit) = tickets.forEach(action)

    inline fun firstOrNull(condition: (Ticket) -> Boolean): Ticket? = tickets.firstOrNull(condition)

    /** [call] waits for what [member] brings, or for nobody's. */
    fun countOn(call: Call, member: Member?) {
        call.countedOn?.let { it.wanted-- }
        call.countedOn = member?.also { it.wanted++ }
    }

    /** [ticket] is about to get a connection of [member], whose queue is not to look for it. */
    fun granted(ticket: Ticket, member: Member) {
        if (ticket.state != TicketState.WAITING) return
        val countedOn = (ticket as Call).countedOn
        takeOut(ticket, TicketState.NEW)
        if (countedOn != null && countedOn !== member) passOn(member, countedOn)
        tally.borrowsAfterWaiting++
    }

    /** What [from] had under way has gone to somebody who was counted on [to]: one of its own is counted on that instead. */
    private fun passOn(from: Member, to: Member) {
        tickets.firstOrNull { (it as Call).countedOn === from && !it.isBound }?.let { countOn(it as Call, to) }
    }

    /** [ticket], whether in the queue or not, gets nothing. */
    fun refuse(ticket: Ticket, refusal: Refusal) {
        if (ticket.state == TicketState.WAITING) takeOut(ticket, TicketState.REFUSED)
        ticket.state = TicketState.REFUSED
        if (refusal == Refusal.TIMED_OUT) tally.timedOut++ else tally.refused++
        ledger.effects.refuse(ticket, refusal)
    }

    /** The caller of [ticket] is gone. */
    fun cancel(ticket: Ticket) {
        if (ticket.state != TicketState.WAITING) return
        tally.cancelled++
        takeOut(ticket, TicketState.CANCELLED)
    }

    private fun takeOut(ticket: Ticket, state: TicketState) {
        countOn(ticket as Call, null)
        ticket.only?.let {
            it.awaiting--
            ledger.hasEmptied = true
        }
        tickets.remove(ticket)
        deadlines.remove(ticket)
        ticket.state = state
    }
}
