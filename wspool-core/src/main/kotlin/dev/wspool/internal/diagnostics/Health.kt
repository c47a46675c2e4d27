package dev.wspool.internal.diagnostics

import dev.wspool.PoolHealth
import dev.wspool.PoolHealth.Status
import dev.wspool.internal.RealPool
import dev.wspool.internal.machine.Phase
import dev.wspool.internal.machine.SlotState

/** In a turn: whether callers are served, and if not, why. */
internal fun RealPool.judgeHealth(): PoolHealth {
    val now = now()
    val down = whyDown(now)
    if (down != null) return PoolHealth(Status.Down, listOf(down))
    val reasons = whyDegraded(now)
    return PoolHealth(if (reasons.isEmpty()) Status.Up else Status.Degraded, reasons)
}

private fun RealPool.whyDown(now: Long): String? = with(machine) {
    when {
        phase == Phase.CLOSED -> "The pool is closed."
        phase == Phase.DRAINING -> "The pool drains: it serves nobody who comes."
        phase == Phase.PAUSED -> "Kept by ${limitedBy(now)}."
        governor.isStopped(now) -> "Connecting fails in a way that trying again does not mend: ${governor.lastFailure?.message}."
        governor.isBackingOff && supply.ready == 0 -> "There is no connection, and the last dial failed: $lastFailure."
        else -> null
    }
}

private fun RealPool.whyDegraded(now: Long): List<String> = buildList {
    with(machine) {
        if (governor.isBackingOff) add("The last dial failed: $lastFailure.")
        if (supply.ready < limits.minIdle) add("${supply.ready} of ${limits.minIdle} connections are there (minIdle).")
        val waiting = waiters(now)
        val limit = limitedBy(now)?.let { "; limited by $it" }.orEmpty() // what never comes is limited by nothing
        if (waiting.isNotEmpty()) add("${waiting.size} wait, the first ${waiting.first()}$limit.")
        val doubted = roster.checking + roster.slots.count { it.state == SlotState.LEASED && it.isInDoubt }
        if (doubted > 0) add("$doubted connections are being proved, as another was lost.")
    }
}

private val RealPool.lastFailure: String get() = machine.governor.lastFailure?.message ?: Shortage.SPOKE_FIRST_ADVICE
