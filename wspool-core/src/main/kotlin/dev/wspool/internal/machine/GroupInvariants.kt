package dev.wspool.internal.machine

/**
 * Checks what holds of a group at the end of every turn, beyond what holds of each member:
 *
 * 1. No more connections than allowed to all together.
 * 2. No caller waits while a member in service that he may have holds something that fits him.
 * 3. Where there is room, each who would take a dial is counted on some member that serves; and each is counted once.
 * 4. At most half of the members are ejected.
 * 5. Deadlines are in order.
 * 6. A closed group holds no one waiting.
 *
 * @throws IllegalStateException naming what is broken.
 */
internal fun GroupMachine.checkInvariants(now: Long) {
    members.forEach { it.machine.checkInvariants() }
    check(dials.total == members.sumOf { it.roster.size }) { "1: ${dials.total} connections counted" }
    val staying = members.sumOf { it.roster.staying }
    check(staying <= maxConnections || members.all { it.roster.idle.isEmpty() }) { "1: $staying stay, $maxConnections may" }
    var free = 0
    queue.forEach { ticket ->
        check(ticket.state == TicketState.WAITING) { "2: a ${ticket.state} ticket is in the queue" }
        val call = ticket as Call
        if (!call.isBound && ticket.demand?.id == null) free++
        for (member in members) {
            if (!member.isWarm || (call.isBound && call.choice !== member)) continue
            check(!member.fits(ticket, now)) { "2: $member has something for $ticket, who waits" }
        }
    }
    for (member in members) {
        var counted = 0
        queue.forEach { if ((it as Call).countedOn === member) counted++ }
        check(counted == member.wanted) { "3: $counted are counted on $member, which knows of ${member.wanted}" }
    }
    val able = members.filter { it.isInService && !it.machine.governor.isStopped(now) && it.roster.size < it.machine.capacity }
    if (able.isNotEmpty() && dials.roomFor(null) > 0 && free > 0) {
        check(members.any { it.isWanted }) { "3: $free wait and nobody is counted on" }
    }
    val ejected = fleet.ejected.size
    check(ejected * 2 <= fleet.staying.size) { "4: $ejected of ${members.size} are ejected" }
    check(queue.deadlines.isConsistent() && queue.deadlines.size <= queue.size) { "5: deadlines are out of order" }
    if (phase == Phase.CLOSED) check(queue.isEmpty()) { "6: a closed group holds on" }
}

private fun Member.fits(ticket: Ticket, now: Long): Boolean =
    roster.idle.firstOrNull { it.isQuiet && !machine.health.needsProof(it, now) && machine.queue.fits(ticket, it, now) } != null
