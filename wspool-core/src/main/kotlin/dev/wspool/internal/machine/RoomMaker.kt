package dev.wspool.internal.machine

/** Where a group has all the connections that it may have: who gives one up, and for whom. */
internal class RoomMaker(private val fleet: Fleet, private val dials: GroupDials, private val ledger: GroupLedger) {
    private val all get() = fleet.members
    private val patience get() = ledger.limits.patience

    /** Who got something reserved may have lost interest. */
    fun review(now: Long) {
        if (dials.reservedFor?.isMissing(now) == false) dials.reservedFor = null
    }

    fun make(blocked: Int, now: Long) {
        if (dials.room > 0) return
        if (blocked > 0) makeFor(blocked, now)
        if (dials.room == 0) share(now)
    }

    /** What lies idle fits none of those who are [blocked], and what is not answered is waited for by nobody. */
    private fun makeFor(blocked: Int, now: Long) {
        var missing = blocked - all.sumOf { it.going }
        while (missing-- > 0) {
            if (!fleet.giveUpIdle(Ending.UNFIT, now) { it.wanted == 0 } && all.none { it.prospect.giveUpStalled(now, patience) }) return
        }
    }

    /**
     * Who has most gives up one for who has two fewer, at least, and would have more: to see whether it serves again, for its `minIdle`, or
     * because the balancer chooses it. One at a time, and what has become free is for that one.
     */
    private fun share(now: Long) {
        if (dials.reservedFor != null || all.any { it.going > 0 }) return
        val poorest = all.filter { it.isMissing(now) }.minByOrNull { it.roster.size } ?: return
        val richest = all.filter { it !== poorest }.maxByOrNull { it.roster.size } ?: return
        val isProbed = poorest.isEjected && !richest.roster.idle.isEmpty() // though it may be the last one
        if (!isProbed && richest.roster.size < poorest.roster.size + 2) return
        if (poorest.prospect.isMissed && !poorest.machine.supply.isOwing) poorest.machine.supply.oweSuccessor()
        dials.reservedFor = poorest
        richest.giveUp(now)
    }

    private fun Member.isMissing(now: Long): Boolean {
        if (isLeaving || circuit?.state == CircuitState.OPEN) return false
        return machine.supply.isKeeping(machine.phase, now) || (prospect.isMissed && prospect.isPromising(now, patience))
    }
}
