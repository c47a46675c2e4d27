package dev.wspool.internal.machine

/** The members of a group: who comes, who goes, and who is out of service. */
internal class Fleet(private val ledger: GroupLedger) {
    private val limits get() = ledger.limits
    private val all = ArrayList<Member>()
    private var hasLeaving = false

    val members: List<Member> get() = all

    /** Those that are not about to go. */
    val staying: List<Member> get() = all.filter { !it.isLeaving }

    /** Those of them that are out of service. */
    val ejected: List<Member> get() = all.filter { !it.isLeaving && it.isEjected }

    /** At most half of those who could serve are ejected: else all would end upon the few that are left. */
    fun mayEject(): Boolean = (ejected.size + 1) * 2 <= staying.size

    /** True where some may have ended, and are to be [removed][removeEnded]. */
    val isUnsettled: Boolean get() = hasLeaving

    /** True where there is room for one more, or was made: the coldest goes that holds no lease. */
    fun makeRoom(now: Long): Boolean {
        val staying = staying
        if (staying.size < limits.maxMembers) return true
        val coldest = staying.filter { it.isUnused }.minByOrNull { it.servedLast } ?: return false
        leave(coldest, now, now)
        return true
    }

    /** The member that was used longest ago gives up one that lies idle, if it [may]. False where there is none. */
    inline fun giveUpIdle(ending: Ending, now: Long, may: (Member) -> Boolean): Boolean {
        val coldest = members.filter { !it.roster.idle.isEmpty() && may(it) }.minByOrNull { it.servedLast } ?: return false
        coldest.machine.departures.retire(coldest.roster.idle.first!!, ending, now)
        return true
    }

    fun add(member: Member) {
        all += member
        member.isIn = true
    }

    /** [member] serves nobody any more, and goes when its leases are back, or at [deadline]. */
    fun leave(member: Member, now: Long, deadline: Long) {
        member.isLeaving = true
        hasLeaving = true
        member.machine.drain(now, deadline)
    }

    fun close(now: Long) = all.forEach {
        it.isLeaving = true
        hasLeaving = true
        it.machine.close(now)
    }

    /** Where endpoints have gone, more than half of the rest may be ejected: the one whose time is over first serves again. */
    fun readmit(now: Long) {
        while (true) {
            val out = ejected
            if (out.isEmpty() || out.size * 2 <= staying.size) return
            out.minBy { it.circuit!!.run { if (state == CircuitState.HALF_OPEN) now else ejectedUntil } }.circuit!!.readmit(now)
        }
    }

    inline fun removeEnded(left: (Member) -> Unit) {
        if (!isUnsettled) return
        for (member in members.toList()) {
            if (member.machine.phase == Phase.CLOSED && member.roster.size == 0) {
                remove(member)
                left(member)
            }
        }
    }

    private fun remove(member: Member) {
        all -= member
        hasLeaving = all.any { it.isLeaving }
    }

    // ---- time ------------------------------------------------------------------------------------------------------------

    /** When a circuit is due, or one that holds nothing is to go. */
    fun nextTick(): Long = all.minOfOrNull { member ->
        minOf(member.circuit?.ejectedUntil ?: NEVER, if (member.isLeaving) NEVER else member.emptySince.plusSpan(limits.maxEmptyTime))
    } ?: NEVER

    /** Notes who holds nothing, or holds something again. When the first of them is to go, or [NEVER]. */
    fun noteEmpty(now: Long): Long {
        if (limits.maxEmptyTime == NEVER) return NEVER
        for (member in all) {
            val isEmpty = member.roster.size == 0 && member.isUnused
            if (isEmpty != (member.emptySince != NEVER)) member.emptySince = if (isEmpty) now else NEVER
        }
        return nextTick()
    }

    fun tick(now: Long) {
        noteEmpty(now)
        for (member in members.toList()) {
            member.circuit?.let { circuit ->
                circuit.tick(now)
                if (circuit.isProbeWanted) member.machine.freed(now)
            }
            if (!member.isLeaving && member.emptySince.plusSpan(limits.maxEmptyTime) <= now) leave(member, now, now)
        }
    }
}
