package dev.wspool.internal.machine

import dev.wspool.internal.machine.PoolModel.Input
import dev.wspool.internal.machine.SimulatedSlot.Life

/** What must be so when a turn has ended, whatever it was. Brings the model to what follows without an effect. */
internal fun PoolModel.checkTurn(machine: PoolMachine) {
    keepInHand(machine)
    live.forEach(::noticeAge)
    proofs.ended()
    if (isDrained) {
        phase = Phase.CLOSED
        drainBy = NEVER
    }
    if (phase != Phase.CLOSED) ceiling = maxOf(capacity, minOf(ceiling, live.size))
    checkOrder()
    checkDials()
    checkAging()
    checkTime()
    live.forEach { checkSlot(it) }
    warmUps.check(isDraining || phase == Phase.CLOSED, ready, capacity)
    check(limits.adaptive != null || capacity == limits.maxConnections) { "There may be $capacity, should be ${limits.maxConnections}" }
    check(machine.phase == phase) { "The pool is ${machine.phase}, should be $phase" }
    val isReady = phase == Phase.OPEN && !pace.isBackingOff && ready >= limits.minIdle
    check(machine.isReady == isReady) { "The pool is ready: ${machine.isReady}, should be $isReady" }
    val shouldHaveEnded = phase == Phase.CLOSED && live.isEmpty()
    check(endings == if (shouldHaveEnded) 1 else 0) { "Ended $endings times, with $live" }
    accounts.check(machine.tally)
}

/** What has become usable and went to nobody lies idle. Of several in one turn the machine says which came first. */
private fun PoolModel.keepInHand(machine: PoolMachine) {
    if (live.none { it.life == Life.IN_HAND }) return
    val kept = live.filter { it.life == Life.IN_HAND }
    check(phase == Phase.OPEN || phase == Phase.PAUSED) { "$kept are kept by a pool that lends no more" }
    kept.forEach { it.enter(Life.IDLE, now) }
    if (kept.size == 1) idle += kept else machine.roster.idle.forEach { if (it in kept) idle += it as SimulatedSlot }
}

private fun PoolModel.checkOrder() {
    if (phase == Phase.OPEN && queue.isNotEmpty()) {
        for (slot in idle) {
            // A pong of which no turn has told may have made it fit.
            if (!slot.isQuiet || demands.needsProof(slot) || (!isThorough && slot.pongAt > slot.stampedAt)) continue
            val unserved = queue.firstOrNull { demands.fits(it, slot) }
            check(unserved == null) { "$unserved waits while $slot is idle" }
        }
    }
    if (phase == Phase.OPEN) {
        for (slot in live) {
            if (!slot.isShareable || slot.isDoubted) continue // who was heard meanwhile is no news to any turn
            val unserved = queue.firstOrNull { demands.fits(it, slot) }
            check(unserved == null) { "$unserved waits while $slot has room beside ${slot.holders}" }
        }
    }
    check(idle.size <= world.maxIdle) { "${idle.size} are idle, ${world.maxIdle} allowed" }
    check(idle.isEmpty() || live.size - leaving <= capacity) { "$live are kept, $capacity allowed" }
    if (phase == Phase.CLOSED || phase == Phase.DRAINING) check(idle.isEmpty()) { "$idle are idle in a pool that lends no more" }
    if (phase == Phase.CLOSED) {
        check(queue.isEmpty() && lent == 0) { "$queue wait in a closed pool, $lent are lent" }
        check(live.none { (it.life == Life.DIALLING && !it.isGivenUp) || it.life == Life.CHECKED }) { "A closed pool goes on" }
    }
    if (world.isRefusing) check(queue.isEmpty()) { "$queue wait without a network" }
    if (input == Input.REFUSED_FOR_GOOD || aftermath?.stopsFor != null) check(queue.isEmpty()) { "$queue wait for what will not heal" }
    if (input == Input.EVICT) check(idle.isEmpty()) { "$idle are left" }
    if (aftermath?.shrinks == true) check(idle.size <= limits.minIdle) { "$idle are left" }
}

/** Dials are made for those who wait and for the idle to be kept: neither more, nor fewer where nothing stands in the way. */
private fun PoolModel.checkDials() {
    if (dialsInTurn == 0 && !isThorough) return
    val wanted = freshWanted + idleWanted
    if (dialsInTurn > 0) {
        check(coming <= wanted + successorsDialled) { "$coming are coming for $freshWanted who wait and $idleWanted to be kept" }
    }
    if (!isThorough || (phase != Phase.OPEN && phase != Phase.DRAINING)) return
    if (live.size < capacity && pace.nextDialAt(dialling) <= now) {
        check(coming >= wanted) { "$coming are coming for $freshWanted who wait and $idleWanted to be kept" }
    }
    check(roomAt > now) { "$idle are in the way of $queue" }
    val isPicky = queue.any { it.demand != null }
    val checked = if (isPicky) live.count { it.life == Life.CHECKED } else coming
    if (phase != Phase.OPEN || checked >= limits.connectionsFor(queue.size)) return
    val doubted = idle.firstOrNull { slot -> demands.needsProof(slot) && queue.any { demands.fits(it, slot) } }
    check(doubted == null) { "$doubted is not asked, and $queue wait" }
}

/** Whose successor is there goes; and where there is no room for one, one goes to make it. */
private fun PoolModel.checkAging() {
    if (!isThorough || input == Input.BORROW || (phase != Phase.OPEN && phase != Phase.PAUSED)) return // who waits frees nothing
    val aging = idle.firstOrNull { it.retiring != null } ?: return
    check(idle.size <= limits.minIdle) { "$aging stays beside its successor" }
    check(live.size < capacity || coming + leaving > 0) { "$aging stays, and there is no room for its successor" }
}

private fun PoolModel.checkTime() {
    if (input != Input.TICK) return
    val overdue = earliestDue(Slot.UNSTAMPED)
    check(now < overdue) { "Due at $overdue, and not done: ${describeDue(overdue)}" }
}

private fun PoolModel.checkSlot(slot: SimulatedSlot) {
    val state = when (slot.life) {
        Life.DIALLING -> SlotState.CONNECTING
        Life.CHECKED -> SlotState.CHECKING
        Life.IDLE -> SlotState.IDLE
        Life.LENT -> SlotState.LEASED
        Life.CLOSING -> SlotState.CLOSING
        else -> SlotState.ABORTING
    }
    check(slot.state == state) { "$slot is ${slot.state}, should be $state" }
    if (slot.life == Life.DIALLING) return check(!slot.isOutdated || slot.isGivenUp) { "$slot is dialled on, and was to go" }
    if (slot.life != Life.IDLE && slot.life != Life.LENT && slot.life != Life.CHECKED) return
    check(slot.ending == slot.retiring) { "$slot is retiring as ${slot.ending}, should be ${slot.retiring}" }
    check(!slot.isOutdated || slot.life == Life.LENT) { "$slot stays ${slot.life}, and was to go" }
    if (slot.life == Life.CHECKED) return
    check(slot.since == slot.stampedAt) { "$slot is $state since ${slot.since}, should be ${slot.stampedAt}" }
}
