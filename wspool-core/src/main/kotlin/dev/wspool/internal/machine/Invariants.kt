package dev.wspool.internal.machine

/**
 * Checks what holds at the end of every turn. It speaks of decisions, so it holds while effects are still under way.
 *
 * 1. No more connections than allowed: connecting, checking, idle, leased and closing together. Where less was allowed by
 *    `reconfigure`, those that are too many are leased, closing, or not
 *    usable yet.
 * 2. Every slot is counted once, in the state that it is in, and stands where it says.
 * 3. The idle chain holds the idle slots, none longer idle than the one before it.
 * 4. No caller waits while a connection that fits him and needs no proof lies idle, or has room for one more lease, unless the pool is
 *    paused.
 * 5. No caller waits in vain: while there is room, each who would take a fresh connection has a dial or a proof under way, or
 *    the governor holds dials back, or the pool is paused.
 * 6. `created = live + destroyed`.
 * 7. Deadlines are in order; nothing is due of a slot before the deadline that it has there.
 * 8. A closed pool holds no one waiting, nothing idle, nothing being proved and nothing leased.
 * 9. A draining pool has a lease or a caller to wait for, and nothing idle.
 * 10. The capacity is as set, or between its limits.
 * 11. A pool is paused where there is a reason for it. While pings rest none is under way, and nobody waits who would be refused.
 * 12. A leased connection has leases, not more than it may have; it stands among those with room where it has some.
 *
 * @throws IllegalStateException naming what is broken.
 */
internal fun PoolMachine.checkInvariants() {
    val now = supply.providedAt // what has come to be since is the next tick's business
    checkSlots()
    checkIdle(now)
    checkSharing(now)
    checkQueue(now)

    val live = roster.size - roster.connecting
    check(tally.created == live + tally.destroyedTotal) { "6: ${tally.created} created, $live live, ${tally.destroyedTotal} destroyed" }

    check(deadlines.isConsistent()) { "7: deadlines are out of order" }
    for (slot in roster.slots) {
        val entered = if (slot.place == Link.NOWHERE) NEVER else slot.dueAt
        check(entered <= slot.nextDue) { "7: $slot is ${slot.state} and due at ${slot.nextDue}, entered for $entered" }
    }

    val isBound = limits.adaptive?.let { capacity in it.minCapacity..it.maxCapacity } ?: (capacity == limits.maxConnections)
    check(isBound) { "10: the capacity is $capacity" }

    check((phase == Phase.PAUSED) == lifecycle.pausedBy.isNotEmpty()) { "11: the pool is $phase, paused by ${lifecycle.pausedBy}" }
    if (health.isResting && phase == Phase.PAUSED) {
        val awaited = roster.slots.filter { it.pongBy != NEVER && (it.state == SlotState.IDLE || it.state == SlotState.LEASED) }
        check(roster.checking + awaited.size == 0) { "11: pings of $awaited are waited for, and nobody can answer" }
        check(queue.isEmpty() || !surroundings.isRefused) { "11: ${queue.size} wait for a network" }
    }

    val held = queue.size + roster.leased
    if (phase == Phase.CLOSED) check(held + roster.idle.size + roster.checking == 0) { "8: a closed pool holds on" }
    if (phase == Phase.DRAINING) check(held > 0 && roster.idle.isEmpty()) { "9: a drain waits for nothing" }
}

private fun PoolMachine.checkSlots() {
    val slots = roster.slots
    if (slots.size > capacity) {
        check(roster.idle.isEmpty() || roster.staying <= capacity) {
            "1: ${slots.size} connections, ${roster.idle.size} idle, $capacity allowed"
        }
    }
    for (state in SlotState.entries) {
        val found = slots.count { it.state == state }
        check(found == roster.count(state)) { "2: ${roster.count(state)} counted as $state, $found found" }
    }
    check(roster.count(SlotState.ENDED) == 0) { "2: an ended slot is kept" }
    slots.forEachIndexed { index, slot -> check(slot.position == index) { "2: $slot is at $index, not ${slot.position}" } }
    val aging = slots.count { it.state == SlotState.IDLE && it.ending != null }
    check(aging == roster.aging) { "2: ${roster.aging} counted as aging, $aging found" }
}

private fun PoolMachine.checkIdle(now: Long) {
    val idle = roster.idle
    check(idle.size == roster.count(SlotState.IDLE)) { "2: ${idle.size} in the idle chain, ${roster.count(SlotState.IDLE)} idle" }
    check(idle.size <= ledger.maxIdle) { "1: ${idle.size} idle, ${ledger.maxIdle} allowed" }
    var before = 0L
    var found = 0
    idle.forEach { slot ->
        found++
        check(slot.state == SlotState.IDLE) { "3: $slot is ${slot.state} among the idle" }
        val since = if (slot.since == Slot.UNSTAMPED) NEVER else slot.since
        check(since >= before) { "3: $slot is longer idle than the one before it" }
        before = since
        if (phase == Phase.PAUSED || !slot.isQuiet || health.needsProof(slot, now)) return@forEach
        if (slot.pongAt >= now) return@forEach // a pong that no turn has told of
        check(queue.firstFitting(slot, now) == null) { "4: $slot lies idle while ${queue.firstFitting(slot, now)} waits" }
    }
    check(found == idle.size) { "3: $found slots in the idle chain, ${idle.size} counted" }
}

private fun PoolMachine.checkSharing(now: Long) {
    val sharing = roster.sharing ?: return
    val shared = roster.slots.filter { it.leaseholders!!.count > 0 }
    check(sharing.leases == shared.sumOf { it.leaseholders!!.count }) { "12: ${sharing.leases} leases counted" }
    for (slot in roster.slots) {
        val leases = slot.leaseholders!!.count
        check((slot.state == SlotState.LEASED) == leases > 0) { "12: $slot is ${slot.state} with $leases leases" }
        check(leases <= limits.leasesPerConnection) { "12: $slot has $leases leases" }
        check(sharing.contains(slot) == slot.leaseholders!!.hasRoom) { "12: $slot with $leases leases is not where it belongs" }
        if (phase != Phase.OPEN || !slot.leaseholders!!.hasRoom || slot.isInDoubt || slot.ending != null) continue
        if (slot.pongAt >= now) continue // as among the idle; and where a turn has told of it, that turn knew a later time
        check(queue.firstFitting(slot, now) == null) { "4: $slot has room while ${queue.firstFitting(slot, now)} waits" }
    }
}

private fun PoolMachine.checkQueue(now: Long) {
    var waiting = 0
    queue.forEach { ticket ->
        waiting++
        check(ticket.state == TicketState.WAITING) { "4: a ${ticket.state} ticket is in the queue" }
    }
    check(waiting == queue.size) { "4: $waiting in the queue, ${queue.size} counted" }
    val room = capacity - roster.size
    if (phase == Phase.CLOSED || phase == Phase.PAUSED || !supply.hasRoom) return
    val wanted = supply.wantedByCallers
    if (roster.coming < wanted) {
        check(supply.permittedFrom > now) { "5: $wanted wait with room for $room, and ${roster.coming} are coming" }
    }
}
