package dev.wspool.internal.machine

import dev.wspool.internal.machine.SimulatedSlot.Life

/** True where a connection has become idle or lent and the machine has not looked at the clock. */
internal val PoolModel.needsStamp: Boolean
    get() = live.any { (it.life == Life.IDLE || it.life == Life.LENT) && it.stampedAt == Slot.UNSTAMPED }

/** How many fresh connections those who wait would take. */
internal val PoolModel.freshWanted: Int get() = limits.connectionsFor(queue.count { demands.takesFresh(it) })

/** How many connections the pool should have ahead of demand, and has not. */
internal val PoolModel.idleWanted: Int
    get() {
        if (phase != Phase.OPEN) return 0
        val missing = limits.minIdle - idle.count { it.retiring == null }
        return maxOf(missing, warmUps.wanted(ready, capacity), 0) + successors
    }

/** When a dial that is wanted may be made, if nothing else is in its way; [NEVER] where none is. */
private val PoolModel.wantedDialAt: Long
    get() {
        if ((phase != Phase.OPEN && phase != Phase.DRAINING) || live.size >= capacity) return NEVER
        val from = pace.nextDialAt(dialling)
        return when {
            from == NEVER -> NEVER
            coming < freshWanted -> from
            // Where nobody waits it may come with the tick that follows each change within a second.
            coming < freshWanted + idleWanted -> maxOf(from, live.maxOfOrNull { it.changedAt } ?: 0) + ONE_SECOND
            else -> NEVER
        }
    }

/** When an idle connection that is in the way of a fresh one may go; [NEVER] where none is. */
internal val PoolModel.roomAt: Long
    get() {
        if (phase != Phase.OPEN || live.size < capacity || idle.isEmpty() || coming + leaving >= freshWanted) return NEVER
        return pace.nextDialAt(dialling)
    }

/**
 * When something must have been done: the machine may not ask for its next tick later than that.
 *
 * @param askedAt when the machine was first asked for its next tick after something had changed that it has to look at the
 * clock for, or [Slot.UNSTAMPED] if it has not been.
 */
internal fun PoolModel.earliestDue(askedAt: Long): Long {
    var due = minOf(drainBy, wantedDialAt, roomAt)
    for (caller in queue) due = minOf(due, caller.deadline)
    for (slot in live) due = minOf(due, dueOf(slot, askedAt))
    val oldest = idle.firstOrNull()
    if (oldest != null && idle.size > limits.minIdle && !needsStamp) { // else the tick that stamps will find it
        due = minOf(due, oldest.stampedAt.plusSpan(limits.maxIdleTime))
    }
    return due
}

/** What is due at [due], for who has to find out why nothing was done. */
internal fun PoolModel.describeDue(due: Long): String {
    val slots = live.filter { dueOf(it, Slot.UNSTAMPED) == due }.map { "$it ${it.life}" }
    val callers = queue.filter { it.deadline == due }
    return "drain $drainBy, dial $wantedDialAt, room $roomAt, slots $slots, callers $callers, idle ${idle.size}"
}

private fun PoolModel.dueOf(slot: SimulatedSlot, askedAt: Long): Long = when (slot.life) {
    Life.CLOSING, Life.ABORTING -> slot.leavesBy
    Life.CHECKED -> slot.answerBy
    Life.IDLE, Life.LENT -> {
        val stamp = if (slot.stampedAt == Slot.UNSTAMPED) maxOf(slot.changedAt, askedAt) + ONE_SECOND else NEVER
        val end = when {
            slot.retiring == null -> slot.successorAt
            slot.life == Life.IDLE -> slot.servesUntil
            else -> NEVER
        }
        minOf(stamp, end, minOf(slot.answerBy, proofs.pingBy(slot)))
    }
    else -> NEVER
}

private const val ONE_SECOND = 1_000_000_000L
