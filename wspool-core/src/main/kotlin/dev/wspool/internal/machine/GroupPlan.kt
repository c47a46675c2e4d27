package dev.wspool.internal.machine

/**
 * Says for whom of those who wait each member is to bring a connection: his choice's, where that can, else what is under way for nobody,
 * else the least loaded.
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

    /** When a dial that somebody is counted on becomes one that nobody is, or [NEVER]. */
    val stalledAt: Long get() = if (queue.isEmpty()) NEVER else all.minOfOrNull { it.stalledAt(madeAt, limits.patience) } ?: NEVER

    fun make(now: Long) {
        madeAt = now
        all.forEach { it.plan(now, limits.patience) }
        var room = dials.room * leasesPerConnection
        var blocked = 0
        queue.forEach { ticket ->
            val member = placeFor(ticket, room, now)
            queue.countOn(ticket as Call, member)
            if (member == null) {
                if (blocked <= dials.total) blocked++
            } else if (member.plan()) {
                room--
            }
        }
        for (member in all) if (member.isWanted) member.machine.freed(now)
        if (blocked > 0 && room <= 0) makeRoom(blocked, now)
    }

    /** True where one more than those who wait already could be counted on somebody. */
    fun hasPlaceLeft(now: Long): Boolean {
        all.forEach { it.plan(now, limits.patience) }
        var left = queue.size
        for (member in all) {
            while (left >= 0 && member.hasPlace(dials.room)) {
                member.plan()
                left--
            }
        }
        return left < 0
    }

    private val leasesPerConnection: Int get() = all.firstOrNull()?.machine?.limits?.leasesPerConnection ?: 1

    private fun placeFor(ticket: Ticket, room: Int, now: Long): Member? {
        if (ticket.demand?.id != null) return null // is dialled for nobody
        val call = ticket as Call
        val choice = choose(call, now) ?: return null
        if (call.isBound) return choice.takeIf { it.hasPlace(room) }
        if (!choice.hasSpare) all.firstOrNull { it.hasSpare }?.let { return it }
        if (choice.hasPlace(room) && choice.isPromising(now, limits.patience)) return choice
        val able = all.filter { it.hasPlace(room) }
        return able.filter { it.isPromising(now, limits.patience) }.ifEmpty { able }.minByOrNull { it.load }
    }

    /** Nobody may be dialled for any more, and what lies idle fits none of the [blocked]: the coldest member gives up as much. */
    private fun makeRoom(blocked: Int, now: Long) {
        var missing = blocked - all.sumOf { it.roster.closing }
        while (missing > 0 && fleet.giveUpIdle(Ending.UNFIT, now) { it.wanted == 0 }) missing--
    }
}
