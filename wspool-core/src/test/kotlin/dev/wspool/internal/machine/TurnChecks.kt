package dev.wspool.internal.machine

import dev.wspool.internal.machine.SimulatedSlot.Life

/** What must be so when a turn has ended, whatever it was. Brings the model to what follows without an effect. */
internal fun PoolModel.checkTurn(machine: PoolMachine) {
    for (slot in live) {
        if (slot.life != Life.IN_HAND) continue
        check(phase == Phase.OPEN) { "$slot is kept by a pool that lends no more" }
        slot.enter(Life.IDLE, now)
        idle += slot
    }
    if (phase == Phase.DRAINING && queue.isEmpty() && lent == 0) {
        phase = Phase.CLOSED
        drainBy = NEVER
    }
    checkOrder()
    checkDials()
    checkTime()
    for (slot in live) {
        val state = when (slot.life) {
            Life.DIALLING -> SlotState.CONNECTING
            Life.IDLE -> SlotState.IDLE
            Life.LENT -> SlotState.LEASED
            Life.CLOSING -> SlotState.CLOSING
            else -> SlotState.ABORTING
        }
        check(slot.state == state) { "$slot is ${slot.state}, should be $state" }
        if (slot.life == Life.IDLE || slot.life == Life.LENT) {
            check(slot.since == slot.stampedAt) { "$slot is $state since ${slot.since}, should be ${slot.stampedAt}" }
        }
    }
    check(machine.phase == phase) { "The pool is ${machine.phase}, should be $phase" }
    val shouldHaveEnded = phase == Phase.CLOSED && live.isEmpty()
    check(endings == if (shouldHaveEnded) 1 else 0) { "Ended $endings times, with $live" }
    accounts.check(machine.tally)
}

private fun PoolModel.checkOrder() {
    if (queue.isNotEmpty()) check(idle.isEmpty()) { "$queue wait while $idle are idle" }
    if (phase != Phase.OPEN) check(idle.isEmpty()) { "$idle are idle in a pool that lends no more" }
    if (phase == Phase.CLOSED) check(queue.isEmpty() && lent == 0) { "$queue wait in a closed pool, $lent are lent" }
    if (phase == Phase.CLOSED) check(live.none { it.life == Life.DIALLING && !it.isGivenUp }) { "A closed pool dials" }
    if (input == PoolModel.Input.REFUSED_FOR_GOOD) check(queue.isEmpty()) { "$queue wait for what will not heal" }
}

/** Dials are made for those who wait and for the idle to be kept: neither more, nor fewer where nothing stands in the way. */
private fun PoolModel.checkDials() {
    val isMore = dialling > queue.size + idleWanted
    if (dialsInTurn > 0) check(!isMore) { "$dialling dials for ${queue.size} who wait and $idleWanted to be kept" }
    if (!wantsDial) return
    if (isBackingOff) return check(dialling > 0 || input != PoolModel.Input.TICK || now < nextDialAt) { "No dial is made after the delay" }
    check(dialling >= queue.size) { "$dialling dials for ${queue.size} who wait, with room for more" }
    // For what is to be kept idle, the tick is early enough: lending reads no clock.
    check(input != PoolModel.Input.TICK) { "$dialling dials for $idleWanted to be kept idle" }
}

private fun PoolModel.checkTime() {
    if (input != PoolModel.Input.TICK) return
    val overdue = earliestDue(Slot.UNSTAMPED)
    check(now < overdue) { "Due at $overdue, and not done" }
}

/** True where a connection has become idle or lent and the machine has not looked at the clock. */
internal val PoolModel.needsStamp: Boolean
    get() = live.any { (it.life == Life.IDLE || it.life == Life.LENT) && it.stampedAt == Slot.UNSTAMPED }

private val PoolModel.idleWanted: Int
    get() = if (phase == Phase.OPEN) (limits.minIdle - idle.size).coerceAtLeast(0) else 0

private val PoolModel.wantsDial: Boolean
    get() = phase != Phase.CLOSED && live.size < limits.maxConnections && dialling < queue.size + idleWanted

/** Where nobody waits, what is to be kept idle may wait for the tick that follows each change within a second. */
private val PoolModel.replenishedBy: Long
    get() = maxOf(nextDialAt, live.maxOfOrNull { it.changedAt } ?: 0) + ONE_SECOND

/**
 * When something must have been done: the machine may not ask for its next tick later than that.
 *
 * @param askedAt when the machine was first asked for its next tick after something had changed that it has to look at the
 * clock for, or [Slot.UNSTAMPED] if it has not been.
 */
internal fun PoolModel.earliestDue(askedAt: Long): Long {
    var due = drainBy
    for (caller in queue) due = minOf(due, caller.deadline)
    for (slot in live) {
        when (slot.life) {
            Life.CLOSING -> due = minOf(due, slot.changedAt + limits.closeGrace)
            Life.ABORTING -> due = minOf(due, slot.changedAt + limits.abortTimeout)
            Life.IDLE, Life.LENT ->
                if (slot.stampedAt == Slot.UNSTAMPED) due = minOf(due, maxOf(slot.changedAt, askedAt) + ONE_SECOND)
            else -> Unit
        }
    }
    val oldest = idle.firstOrNull()
    if (oldest != null && idle.size > limits.minIdle && !needsStamp) { // else the tick that stamps will find it
        due = minOf(due, oldest.stampedAt.plusSpan(limits.maxIdleTime))
    }
    if (wantsDial && isBackingOff && dialling == 0) due = minOf(due, if (queue.isEmpty()) replenishedBy else nextDialAt)
    return due
}

private const val ONE_SECOND = 1_000_000_000L
