package dev.wspool.internal.machine

/**
 * Decides for several [PoolMachine]s what none of them can decide alone: who serves a caller, for whom those who wait are dialled, and
 * which of them serves at all. Who waits, waits in the group: whichever member has something first serves who has waited longest.
 *
 * All members and the group take their turns one after the other, on one clock. After each turn, whosever it was, comes [settle].
 */
internal class GroupMachine(
    limits: GroupLimits,
    private val effects: GroupEffects,
    jitter: Jitter = Jitter { 0.0 },
    private val chooser: Chooser = Chooser { candidates, _, _ -> candidates.minBy { it.load } },
) {
    private val all = ArrayList<Member>()
    private val queue = Chain<Ticket>() // the longest waiting first
    private val deadlines = Deadlines()
    private val alarm = Alarm(effects::wake)
    private var choices = 0L
    private var borrows = 0L
    private var plannedAt = 0L
    private var hasEnded = false
    private var hasLeaving = false

    val members: List<Member> get() = all
    val dials = GroupDials(limits, jitter)
    val tally = Tally() // of callers alone
    val waiting: Int get() = queue.size

    var limits: GroupLimits = limits
        private set
    var phase = Phase.OPEN
        private set
    private var drainBy = NEVER

    // ---- members ---------------------------------------------------------------------------------------------------------

    /** True where there is room for one more, or was made: the coldest goes that holds no lease. */
    fun makeRoomForMember(now: Long): Boolean {
        if (all.count { !it.isLeaving } < limits.maxMembers) return true
        val coldest = all.filter { !it.isLeaving && it.roster.leased == 0 && it.wanted == 0 }.minByOrNull { it.servedLast } ?: return false
        leave(coldest, now, now)
        return true
    }

    /** [member] is made, and may dial from now on. */
    fun join(member: Member, now: Long) {
        all += member
        member.isIn = true
        if (phase == Phase.OPEN) member.machine.freed(now) else leave(member, now, now)
    }

    /** [member] serves nobody any more, and goes when its leases are back, or at [deadline]. */
    fun leave(member: Member, now: Long, deadline: Long) {
        member.isLeaving = true
        hasLeaving = true
        member.machine.drain(now, deadline)
    }

    /** At most half of those who could serve are ejected: else all would end upon the few that are left. */
    fun mayEject(): Boolean = (ejected.size + 1) * 2 <= all.count { !it.isLeaving }

    private val ejected: List<Member> get() = all.filter { !it.isLeaving && it.isEjected }

    // ---- callers ---------------------------------------------------------------------------------------------------------

    /** Serves [ticket], which is a [Call], at once, or puts it into the queue until [deadline], or refuses it. */
    fun borrow(ticket: Ticket, now: Long, deadline: Long) {
        if (phase == Phase.DRAINING) return refuse(ticket, Refusal.DRAINING)
        if (phase == Phase.CLOSED) return refuse(ticket, Refusal.CLOSED)
        if (serve(ticket, now)) return
        val refusal = when {
            deadline <= now -> Refusal.TIMED_OUT
            isStopped(ticket as Call, now) -> Refusal.CONNECT_FAILED
            queue.size >= limits.maxWaiting && !isPlaceLeft(now) -> Refusal.TOO_MANY_WAITING
            else -> null
        }
        if (refusal != null) return refuse(ticket, refusal)
        ticket.state = TicketState.WAITING
        queue.addLast(ticket)
        deadlines.add(ticket, deadline)
        alarm.wakeFor(deadline)
    }

    /** The caller of [ticket] is gone. */
    fun cancel(ticket: Ticket) {
        if (ticket.state != TicketState.WAITING) return
        tally.cancelled++
        takeOut(ticket, TicketState.CANCELLED)
    }

    private fun refuse(ticket: Ticket, refusal: Refusal) {
        if (ticket.state == TicketState.WAITING) takeOut(ticket, TicketState.REFUSED)
        ticket.state = TicketState.REFUSED
        if (refusal == Refusal.TIMED_OUT) tally.timedOut++ else tally.refused++
        effects.refuse(ticket, refusal)
    }

    private fun takeOut(ticket: Ticket, state: TicketState) {
        countOn(ticket as Call, null)
        queue.remove(ticket)
        deadlines.remove(ticket)
        ticket.state = state
    }

    private fun countOn(call: Call, member: Member?) {
        call.countedOn?.let { it.wanted-- }
        call.countedOn = member?.also { it.wanted++ }
    }

    /** Whom the balancer wants for [call]; chosen once, and again where that one serves no more. */
    private fun choose(call: Call, now: Long): Member? {
        call.choice?.let { if (it.isInService) return it }
        if (call.isFixed) return null
        val candidates = candidates(now).ifEmpty { return null }
        return (if (candidates.size == 1) candidates[0] else chooser.choose(candidates, call, choices++)).also { call.choice = it }
    }

    /** Those that serve; where some of them have failed lately, or do not answer, the others. */
    fun candidates(now: Long): List<Member> {
        val able = all.filter { it.isInService }
        return able.filter { it.isPromising(now, limits.patience) }.ifEmpty { able }
    }

    /** The number of a choice that is made elsewhere. */
    fun nextChoice(): Long = choices++

    /** True where [ticket] got something at once: from its choice, or from any other that has something. */
    private fun serve(ticket: Ticket, now: Long): Boolean {
        val call = ticket as Call
        val choice = choose(call, now) ?: return false
        if (grant(ticket, choice, now)) return true
        if (call.isBound) return false
        while (true) {
            val other = all.filter { it !== choice && it.isWarm && it.find(ticket, now) != null }.minByOrNull { it.load } ?: return false
            if (!grant(ticket, other, now)) continue
            warm(choice, now)
            return true
        }
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

    /** [ticket] is about to get a connection of [member]. */
    fun granted(ticket: Ticket, member: Member) {
        if (ticket.state == TicketState.WAITING) {
            val countedOn = (ticket as Call).countedOn
            takeOut(ticket, TicketState.NEW) // the member's queue is not to look for it
            if (countedOn != null && countedOn !== member) passOn(member, countedOn)
            tally.borrowsAfterWaiting++
        }
        tally.borrows++
        member.servedLast = ++borrows
    }

    /** What [from] had under way has gone to somebody who was counted on [to]: one of its own is counted on that instead. */
    private fun passOn(from: Member, to: Member) {
        queue.firstOrNull { (it as Call).countedOn === from && !it.isBound }?.let { countOn(it as Call, to) }
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
        if (member.roster.coming > 0 || member.roster.size >= member.machine.capacity || !member.isPromising(now, limits.patience)) return
        member.machine.supply.oweSuccessor()
        member.machine.freed(now)
    }

    /** True where connecting fails for good wherever [call] could be served. */
    private fun isStopped(call: Call, now: Long): Boolean {
        val able = if (call.isBound) listOfNotNull(choose(call, now)) else all.filter { it.isInService }
        return able.isNotEmpty() && able.all { it.machine.governor.isStopped(now) && it.roster.leased == 0 && it.roster.coming == 0 }
    }

    private fun isPlaceLeft(now: Long): Boolean {
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

    // ---- after each turn -------------------------------------------------------------------------------------------------

    /** Serves those who wait, plans for the rest, and lets go of who has ended. [clock] is read where somebody waits. */
    inline fun settle(clock: () -> Long) {
        if (waiting > 0 || isUnsettled) settle(clock())
    }

    /** True where something is left to be done though nobody waits. */
    val isUnsettled: Boolean get() = dials.hasMore || hasLeaving || phase != Phase.OPEN

    fun settle(now: Long) {
        readmit(now) // may have something
        queue.forEach { if (all.any { member -> member.isWarm }) serve(it, now) }
        queue.forEach { if (isStopped(it as Call, now)) refuse(it, Refusal.CONNECT_FAILED) }
        plan(now)
        if (dials.hasMore) {
            dials.hasMore = false
            all.forEach { it.machine.freed(now) }
        }
        if (phase == Phase.DRAINING && queue.isEmpty()) all.forEach { if (!it.isLeaving) leave(it, now, drainBy) }
        if (hasLeaving || phase == Phase.CLOSED) {
            all.removeAll { member -> member.hasEnded.also { if (it) effects.left(member) } }
            hasLeaving = all.any { it.isLeaving }
        }
        if (phase == Phase.CLOSED || (phase == Phase.DRAINING && queue.isEmpty())) endIfAlone()
    }

    private val Member.hasEnded: Boolean get() = machine.phase == Phase.CLOSED && roster.size == 0

    private fun endIfAlone() {
        if (all.isNotEmpty() || hasEnded) return
        phase = Phase.CLOSED
        drainBy = NEVER
        hasEnded = true
        effects.ended()
    }

    /** Says to each member how many of those who wait it is to bring connections for: its choice's, where that can, else the least loaded. */
    private fun plan(now: Long) {
        plannedAt = now
        all.forEach { it.plan(now, limits.patience) }
        var room = dials.room * leasesPerConnection
        var blocked = 0
        queue.forEach { ticket ->
            val member = placeFor(ticket, room, now)
            countOn(ticket as Call, member)
            if (member == null) {
                if (blocked <= dials.total) blocked++
            } else if (member.plan()) {
                room--
            }
        }
        for (member in all) if (member.isWanted) member.machine.freed(now)
        if (blocked > 0 && room <= 0) makeRoom(blocked, now)
    }

    private val leasesPerConnection: Int get() = all.firstOrNull()?.machine?.limits?.leasesPerConnection ?: 1

    private fun placeFor(ticket: Ticket, room: Int, now: Long): Member? {
        if (ticket.demand?.id != null) return null // is dialled for nobody
        val call = ticket as Call
        val choice = choose(call, now) ?: return null
        if (!call.isBound && !choice.hasSpare) all.firstOrNull { it.hasSpare }?.let { return it }
        if (choice.hasPlace(room) && (call.isBound || choice.isPromising(now, limits.patience))) return choice
        if (call.isBound) return null
        val able = all.filter { it.hasPlace(room) }
        return able.filter { it.isPromising(now, limits.patience) }.ifEmpty { able }.minByOrNull { it.load }
    }

    /** Nobody may be dialled for any more, and what lies idle fits none of the [blocked]: the coldest member gives up as much. */
    private fun makeRoom(blocked: Int, now: Long) {
        var missing = blocked - all.sumOf { it.roster.closing }
        while (missing-- > 0) {
            val coldest = all.filter { !it.roster.idle.isEmpty() && it.wanted == 0 }.minByOrNull { it.servedLast } ?: return
            coldest.machine.departures.retire(coldest.roster.idle.first!!, Ending.UNFIT, now)
        }
    }

    /** Where endpoints have gone, more than half of the rest may be ejected: the one whose time is over first serves again. */
    private fun readmit(now: Long) {
        while (true) {
            val out = ejected
            if (out.isEmpty() || out.size * 2 <= all.count { !it.isLeaving }) return
            out.minBy { it.circuit!!.ejectedUntil }.circuit!!.readmit(now)
        }
    }

    // ---- time ------------------------------------------------------------------------------------------------------------

    /** When [tick] is to be called next, or [NEVER]. */
    fun nextTick(now: Long): Long {
        var next = minOf(deadlines.first, drainBy)
        for (member in all) {
            member.circuit?.let { next = minOf(next, it.ejectedUntil) }
            if (waiting > 0) next = minOf(next, member.stalledAt(plannedAt, limits.patience))
            if (limits.maxEmptyTime != NEVER && !member.isLeaving) next = minOf(next, emptyUntil(member, now))
        }
        alarm.set(next)
        return next
    }

    fun tick(now: Long) {
        while (true) refuse((deadlines.removeDue(now) ?: break) as Ticket, Refusal.TIMED_OUT)
        for (member in all.toList()) {
            member.circuit?.let { circuit ->
                circuit.tick(now)
                if (circuit.isProbeWanted) member.machine.freed(now)
            }
            if (limits.maxEmptyTime != NEVER && !member.isLeaving && emptyUntil(member, now) <= now) leave(member, now, now)
        }
        if (now >= drainBy) close(now)
    }

    /** When a member that holds nothing is to go; while it holds something, when to look again. */
    private fun emptyUntil(member: Member, now: Long): Long {
        if (member.roster.size > 0 || member.wanted > 0) {
            member.emptySince = now
        } else if (member.emptySince == NEVER) {
            member.emptySince = now
        }
        return member.emptySince.plusSpan(limits.maxEmptyTime)
    }

    // ---- the end ---------------------------------------------------------------------------------------------------------

    /** Lends no more, and closes when who waits is served and all leases are back, or when [deadline] has come. */
    fun drain(deadline: Long) {
        if (phase == Phase.CLOSED) return
        phase = Phase.DRAINING
        drainBy = minOf(drainBy, deadline)
        alarm.wakeFor(drainBy)
    }

    /** Closes at once: who waits is refused, leases end, connections are closed. */
    fun close(now: Long) {
        if (phase == Phase.CLOSED) return
        phase = Phase.CLOSED
        drainBy = NEVER
        queue.forEach { refuse(it, Refusal.CLOSED) }
        all.forEach {
            it.isLeaving = true
            it.machine.close(now)
        }
    }

    // ---- invariants ------------------------------------------------------------------------------------------------------

    /**
     * What holds at the end of every turn, beyond what holds of each member:
     *
     * 1. No more connections than allowed to all together.
     * 2. No caller waits while a member in service that he may have holds something that fits him.
     * 3. Where there is room, each who would take a dial is counted on some member that serves.
     * 4. At most half of the members are ejected.
     * 5. Deadlines are in order.
     * 6. A closed group holds no one waiting.
     */
    fun checkInvariants(now: Long) {
        all.forEach { it.machine.checkInvariants() }
        check(dials.total <= limits.maxConnections) { "1: ${dials.total} connections, ${limits.maxConnections} allowed" }
        queue.forEach { ticket ->
            check(ticket.state == TicketState.WAITING) { "2: a ${ticket.state} ticket is in the queue" }
            val call = ticket as Call
            for (member in all) {
                if (!member.isWarm || (call.isBound && call.choice !== member)) continue
                check(!member.fits(ticket, now)) { "2: $member has something for $ticket, who waits" }
            }
        }
        val able = all.filter { it.isInService && !it.machine.governor.isStopped(now) && it.roster.size < it.machine.capacity }
        val free = queue.count { !(it as Call).isBound && it.demand?.id == null }
        if (able.isNotEmpty() && dials.room > 0 && free > 0) check(all.any { it.wanted > 0 }) { "3: $free wait and nobody is counted on" }
        check(ejected.isEmpty() || ejected.size * 2 <= all.count { !it.isLeaving }) { "4: ${ejected.size} of ${all.size} are ejected" }
        check(deadlines.isConsistent() && deadlines.size <= queue.size) { "5: deadlines are out of order" }
        if (phase == Phase.CLOSED) check(queue.isEmpty()) { "6: a closed group holds on" }
    }

    private fun Member.fits(ticket: Ticket, now: Long): Boolean =
        roster.idle.firstOrNull { it.isQuiet && !machine.health.needsProof(it, now) && machine.queue.fits(ticket, it, now) } != null

    private inline fun Chain<Ticket>.count(condition: (Ticket) -> Boolean): Int {
        var count = 0
        forEach { if (condition(it)) count++ }
        return count
    }
}
