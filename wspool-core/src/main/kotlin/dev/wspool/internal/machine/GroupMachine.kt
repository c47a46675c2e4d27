package dev.wspool.internal.machine

/**
 * Decides for several [PoolMachine]s what none of them can decide alone: who serves a caller, for whom those who wait are dialled, and
 * which of them serves at all. Who waits, waits in the group: whichever member has something first serves who has waited longest.
 *
 * All members and the group take their turns one after the other, on one clock. After each turn, whosever it was, comes [settle].
 * [Fleet] knows the members, [GroupQueue] who waits, [GroupPlan] who is dialled for whom.
 */
internal class GroupMachine(
    limits: GroupLimits,
    private val effects: GroupEffects,
    jitter: Jitter = Jitter { 0.0 },
    private val chooser: Chooser = Chooser { candidates, _, _ -> candidates.minBy { it.load } },
) {
    internal val ledger = GroupLedger(limits, effects)
    private val limits get() = ledger.limits
    private val alarm = ledger.alarm
    val tally = ledger.tally
    val fleet = Fleet(ledger)
    val queue = GroupQueue(ledger)
    val dials = GroupDials(ledger, jitter)
    private val plan = GroupPlan(fleet, queue, dials, ledger, ::choose)
    private val roomMaker = RoomMaker(fleet, dials, ledger)

    /** Which connection has served a key last, whichever member has it. */
    val affinity = Affinity()
    private val all get() = fleet.members
    private var choices = 0L
    private var hasEnded = false

    val members: List<Member> get() = all
    val waiting: Int get() = queue.size
    val maxConnections: Int get() = limits.maxConnections

    var phase = Phase.OPEN
        internal set
    private var drainBy = NEVER

    /** True where a caller need not expect to be kept waiting. */
    val isReady: Boolean get() = phase == Phase.OPEN && all.any { it.isInService && it.machine.isReady }

    /** [member] is made, and may dial from now on. */
    fun join(member: Member, now: Long) {
        fleet.add(member)
        ledger.hasEmptied = true
        when (phase) {
            Phase.OPEN -> member.machine.freed(now)
            Phase.PAUSED -> member.machine.pause()
            else -> fleet.leave(member, now, now)
        }
    }

    // ---- callers ---------------------------------------------------------------------------------------------------------

    /**
     * Serves [ticket], which is a [Call], at once, or puts it into the queue until [deadline], or refuses it.
     *
     * @param again after what it got turned out unfit: it keeps its place, which is the first.
     */
    fun borrow(ticket: Ticket, now: Long, deadline: Long, again: Boolean = false) {
        if (phase == Phase.DRAINING && (!again || fleet.staying.isEmpty())) return queue.refuse(ticket, Refusal.DRAINING)
        if (phase == Phase.CLOSED) return queue.refuse(ticket, Refusal.CLOSED)
        val call = ticket as Call
        if (call.only?.isLeaving == true) return effects.refuse(ticket, Refusal.MEMBER_LEFT) // and he asks anew
        if (serve(ticket, now)) return
        val refusal = when {
            deadline <= now -> Refusal.TIMED_OUT
            isStopped(call, now) -> Refusal.CONNECT_FAILED
            !again && queue.size >= limits.maxWaiting && !plan.hasPlaceLeft(now) -> Refusal.TOO_MANY_WAITING
            else -> null
        }
        if (refusal != null) return queue.refuse(ticket, refusal)
        queue.add(ticket, deadline, again)
        alarm.wakeFor(deadline)
    }

    /** The caller of [ticket] is gone. */
    fun cancel(ticket: Ticket) = queue.cancel(ticket)

    /** Whom the balancer wants for [call]; chosen once, and again where that one serves no more. */
    private fun choose(call: Call, now: Long): Member? {
        val chosen = call.choice?.takeIf { it.isInService }
        if (call.isFixed) return chosen
        // Who may have no other is not held to one that does not answer.
        if (chosen != null && (!call.isBound || chosen.prospect.isHopeful(now, limits.patience))) return chosen
        val candidates = candidates(now).ifEmpty { return null }
        return (if (candidates.size == 1) candidates[0] else chooser.choose(candidates, call, choices++)).also { call.choice = it }
    }

    /** Those that serve; where some of them have failed lately, or do not answer, the others. */
    fun candidates(now: Long): List<Member> {
        val able = all.filter { it.isInService }
        return able.filter { it.prospect.isHopeful(now, limits.patience) }.ifEmpty { able }
    }

    /** The number of a choice that is made elsewhere. */
    fun nextChoice(): Long = choices++

    /** True where [ticket] got something at once: from its choice, or from any other that has something. */
    private fun serve(ticket: Ticket, now: Long): Boolean {
        val call = ticket as Call
        val choice = choose(call, now) ?: return false
        val holder = holderOf(ticket)
        if (holder != null && (!call.isBound || holder === choice) && grant(ticket, holder, now)) return true
        if (grant(ticket, choice, now)) return true
        if (call.isBound) return false
        while (true) {
            val other = all.filter { it !== choice && it.isWarm && it.find(ticket, now) != null }.minByOrNull { it.load } ?: return false
            if (!grant(ticket, other, now)) continue
            warm(choice, now)
            return true
        }
    }

    /** Who has the connection that served the key of [ticket] last. */
    private fun holderOf(ticket: Ticket): Member? {
        val slot = ticket.demand?.key?.let(affinity::slotOf) ?: return null
        return all.firstOrNull { slot in it.roster }
    }

    private fun Member.find(ticket: Ticket, now: Long): Slot? {
        if (!isWarm) return null
        val staying = roster.staying
        val slot = machine.find(ticket, now)
        if (roster.staying != staying) dials.hasMore = true // what was not quiet has to be replaced
        return slot
    }

    private fun grant(ticket: Ticket, member: Member, now: Long): Boolean {
        val slot = member.find(ticket, now) ?: return false
        granted(ticket, member)
        member.machine.grant(ticket, slot, now)
        return true
    }

    /** Lends a connection of [member] to who would not wait for one, or returns null. */
    fun lendNow(member: Member, now: Long): Slot? = member.machine.lendNow(now)?.also { member.servedLast = ++tally.borrows }

    /** [ticket] is about to get a connection of [member]. */
    fun granted(ticket: Ticket, member: Member) {
        queue.granted(ticket, member)
        member.servedLast = ++tally.borrows
    }

    /** Who has waited longest of those whom [member] may serve with [slot], or null. */
    fun firstFitting(member: Member, slot: Slot, now: Long): Ticket? {
        if (!member.isInService) return null
        return queue.firstOrNull { ticket ->
            val call = ticket as Call
            (!call.isBound || choose(call, now) === member) && member.machine.queue.fits(ticket, slot, now)
        }
    }

    /** Who was chosen had nothing: he gets something for the next, or all would go on to where something is. */
    private fun warm(member: Member, now: Long) {
        val supply = member.machine.supply
        if (member.roster.coming > 0 || supply.isOwing || member.roster.size >= member.machine.capacity) return
        if (!member.prospect.isPromising(now, limits.patience)) return
        supply.oweSuccessor()
        member.machine.freed(now)
    }

    /** True where connecting fails for good wherever [call] could be served. */
    private fun isStopped(call: Call, now: Long): Boolean {
        val able = if (call.isBound) listOfNotNull(choose(call, now)) else all.filter { it.isInService }
        return able.isNotEmpty() && able.all { it.machine.governor.isStopped(now) && it.roster.leased == 0 && it.roster.coming == 0 }
    }

    // ---- after each turn -------------------------------------------------------------------------------------------------

    /** Serves those who wait, plans for the rest, and lets go of who has ended. [clock] is read where there is something to do. */
    inline fun settle(clock: () -> Long) {
        if (waiting > 0 || isUnsettled) settle(clock())
    }

    /** True where something is left to be done though nobody waits. */
    val isUnsettled: Boolean
        get() = dials.isUnsettled || ledger.hasEmptied || fleet.isUnsettled || phase != Phase.OPEN

    /** By how many the connections that stay are more than there may be, after that was lowered. */
    val surplus: Int get() = if (dials.room < 0) -dials.room - all.sumOf { it.roster.closing } else 0

    fun settle(now: Long) {
        repeat(surplus) { fleet.giveUpIdle(Ending.SURPLUS, now) { true } }
        fleet.readmit(now) // may have something
        queue.forEach { if (all.any { member -> member.isWarm }) serve(it, now) }
        queue.forEach { if (isStopped(it as Call, now)) queue.refuse(it, Refusal.CONNECT_FAILED) }
        dial(now)
        if (ledger.hasEmptied || dials.hasMore) alarm.wakeFor(fleet.noteEmpty(now))
        ledger.hasEmptied = false
        dials.settled() // nothing more can be done in this turn
        if (phase == Phase.DRAINING && queue.isEmpty()) fleet.staying.forEach { fleet.leave(it, now, drainBy) }
        fleet.removeEnded(effects::left)
        if (phase == Phase.CLOSED || (phase == Phase.DRAINING && queue.isEmpty())) endIfAlone()
    }

    /** First for those who wait, then for what is to be there though nobody waits. */
    private fun dial(now: Long) {
        roomMaker.review(now)
        plan.make(now)
        plan.dial(now)
        if (dials.hasMore || dials.isCrowded) all.forEach { it.dial(Int.MAX_VALUE, now) }
        roomMaker.make(plan.blocked, now)
        alarm.wakeFor(plan.stalledAt)
    }

    /** Something is due at [time]. */
    fun wakeFor(time: Long) = alarm.wakeFor(time)

    private fun endIfAlone() {
        if (all.isNotEmpty() || hasEnded) return
        phase = Phase.CLOSED
        drainBy = NEVER
        hasEnded = true
        effects.ended()
    }

    // ---- time and the end ------------------------------------------------------------------------------------------------

    /** When [tick] is to be called next, or [NEVER]. */
    fun nextTick(now: Long): Long {
        val next = minOf(minOf(queue.deadlines.first, drainBy), minOf(fleet.nextTick(), plan.stalledAt))
        alarm.set(next)
        return next
    }

    fun tick(now: Long) {
        while (true) queue.refuse((queue.deadlines.removeDue(now) ?: break) as Ticket, Refusal.TIMED_OUT)
        fleet.tick(now)
        if (now >= drainBy) close(now)
    }

    /** Lends no more, and closes when who waits is served and all leases are back, or when [deadline] has come. */
    fun drain(now: Long, deadline: Long) {
        if (phase == Phase.CLOSED) return
        if (phase == Phase.PAUSED) resume(now)
        phase = Phase.DRAINING
        drainBy = minOf(drainBy, deadline)
        alarm.wakeFor(drainBy)
    }

    /** Closes at once: who waits is refused, leases end, connections are closed. */
    fun close(now: Long) {
        if (phase == Phase.CLOSED) return
        phase = Phase.CLOSED
        drainBy = NEVER
        queue.forEach { queue.refuse(it, Refusal.CLOSED) }
        fleet.close(now)
    }
}
