package dev.wspool.internal.machine

/**
 * Checks what holds at the end of every turn. It speaks of decisions, so it holds while effects are still under way.
 *
 * 1. No more connections than allowed: connecting, idle, leased and closing together.
 * 2. Every slot is counted once, in the state that it is in, and stands where it says.
 * 3. The idle chain holds the idle slots, none longer idle than the one before it.
 * 4. No caller waits while a quiet connection lies idle.
 * 5. No caller waits in vain: while there is room, each has a dial under way, or the governor holds dials back.
 * 6. `created = live + destroyed`.
 * 7. Deadlines are in order; a slot that closes has one, a slot that does not has none.
 * 8. A closed pool holds no one waiting, nothing idle and nothing leased.
 * 9. A draining pool has a lease or a caller to wait for.
 *
 * @throws IllegalStateException naming what is broken.
 */
internal fun PoolMachine.checkInvariants() {
    val slots = roster.slots
    val idle = roster.idle
    check(slots.size <= limits.maxConnections) { "1: ${slots.size} connections, ${limits.maxConnections} allowed" }

    for (state in SlotState.entries) {
        val found = slots.count { it.state == state }
        check(found == roster.count(state)) { "2: ${roster.count(state)} counted as $state, $found found" }
    }
    check(roster.count(SlotState.ENDED) == 0) { "2: an ended slot is kept" }
    check(idle.size == roster.count(SlotState.IDLE)) { "2: ${idle.size} in the idle chain, ${roster.count(SlotState.IDLE)} idle" }
    slots.forEachIndexed { index, slot -> check(slot.position == index) { "2: $slot is at $index, not ${slot.position}" } }

    var before = 0L
    var idleCount = 0
    idle.forEach { slot ->
        idleCount++
        check(slot.state == SlotState.IDLE) { "3: $slot is ${slot.state} among the idle" }
        val since = if (slot.since == Slot.UNSTAMPED) NEVER else slot.since
        check(since >= before) { "3: $slot is longer idle than the one before it" }
        before = since
        check(queue.isEmpty() || !slot.isQuiet) { "4: $slot lies idle while ${queue.size} wait" }
    }
    check(idleCount == idle.size) { "3: $idleCount slots in the idle chain, ${idle.size} counted" }

    var waiting = 0
    queue.forEach { ticket ->
        waiting++
        check(ticket.state == TicketState.WAITING) { "4: a ${ticket.state} ticket is in the queue" }
    }
    check(waiting == queue.size) { "4: $waiting in the queue, ${queue.size} counted" }

    val room = limits.maxConnections - slots.size
    if (phase != PoolMachine.Phase.CLOSED && room > 0 && roster.connecting < waiting) {
        check(governor.isBackingOff) { "5: $waiting wait with room for $room, and ${roster.connecting} dials under way" }
    }

    val live = idle.size + roster.leased + roster.closing
    check(tally.created == live + tally.destroyedTotal) { "6: ${tally.created} created, $live live, ${tally.destroyedTotal} destroyed" }

    check(deadlines.isConsistent()) { "7: deadlines are out of order" }
    for (slot in slots) {
        val isClosing = slot.state == SlotState.CLOSING || slot.state == SlotState.ABORTING
        check((slot.heapIndex != Link.NOWHERE) == isClosing) { "7: $slot is ${slot.state}, deadline at ${slot.heapIndex}" }
    }

    if (phase == PoolMachine.Phase.CLOSED) check(waiting + idle.size + roster.leased == 0) { "8: a closed pool holds on" }
    if (phase == PoolMachine.Phase.DRAINING) check(waiting + roster.leased > 0) { "9: a drain waits for nothing" }
}
