package dev.wspool.internal.machine

/**
 * Says for whom of those who wait each member is to bring a connection: his choice's, where that can, else what is under way for nobody,
 * else the least loaded. Who has waited longest is dialled for first.
 */
internal class GroupPlan(
    private val fleet: Fleet,
    private val queue: GroupQueue,
    private val dials: GroupDials,
    private val ledger: GroupLedger,
    private val choose: (call: Call, now: Long) -> Member?,
) {
    private val all get() = fleet.members
    private val limits get() = ledger.limits
    private var madeAt = 0L

    /** How many of those who wait would be dialled for if there might be more connections. */
    var blocked = 0
        private set

    /** When a dial that somebody is counted on becomes one that nobody is, or [NEVER]. */
    val stalledAt: Long
        get() = if (queue.isEmpty()) NEVER else all.minOfOrNull { it.prospect.stalledAt(madeAt, limits.patience) } ?: NEVER

    fun make(now: Long) {
        madeAt = now
        all.forEach { it.prospect.begin(now, limits.patience) }
        dials.stalled = all.sumOf { it.prospect.stalled(now, limits.patience) }
        var room = dials.roomFor(null) * leasesPerConnection
        blocked = 0
        queue.forEach { ticket ->
            val member = placeFor(ticket, room, now)
            queue.countOn(call(ticket), member)
            if (member != null) {
                if (member.prospect.count()) room--
            } else if (blocked <= limits.maxConnections && placeFor(ticket, Int.MAX_VALUE, now) != null) {
                blocked++
                call(ticket).choice?.prospect?.run { if (hasPlace(Int.MAX_VALUE)) isMissed = true }
            }
        }
    }

    private fun call(ticket: Ticket) = ticket as Call

    /** Has those dial who are counted on, one for each who waits, in their order. */
    fun dial(now: Long) {
        val heldBack = HashSet<Member>()
        queue.forEach { ticket ->
            val member = call(ticket).countedOn
            if (member != null && member !in heldBack && !member.dial(1, now)) heldBack += member
        }
    }

    /** True where one more than those who wait already could be counted on somebody. */
    fun hasPlaceLeft(now: Long): Boolean {
        all.forEach { it.prospect.begin(now, limits.patience) }
        var left = queue.size
        for (member in all) {
            while (left >= 0 && member.prospect.hasPlace(dials.roomFor(null))) {
                member.prospect.count()
                left--
            }
        }
        return left < 0
    }

    private val leasesPerConnection: Int get() = all.firstOrNull()?.machine?.limits?.leasesPerConnection ?: 1

    private fun placeFor(ticket: Ticket, room: Int, now: Long): Member? {
        if (ticket.demand?.id != null) return null // is dialled for nobody
        val call = call(ticket)
        val choice = choose(call, now) ?: return null
        fun Member.canServe() = machine.queue.takesFresh(ticket) && prospect.hasPlace(room)
        if (call.isBound) return choice.takeIf { it.canServe() }
        if (!choice.prospect.hasSpare) all.firstOrNull { it.prospect.hasSpare && it.canServe() }?.let { return it }
        if (choice.canServe() && choice.prospect.isPromising(now, limits.patience)) return choice
        val able = all.filter { it.canServe() }
        return able.filter { it.prospect.isPromising(now, limits.patience) }.ifEmpty { able }.minByOrNull { it.load }
    }
}
