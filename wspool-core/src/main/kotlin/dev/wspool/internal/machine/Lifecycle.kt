package dev.wspool.internal.machine

/** The pool's own life, from open to the end of its last socket. */
internal class Lifecycle(
    private val ledger: Ledger,
    private val queue: WaitQueue,
    private val supply: Supply,
    private val departures: Departures,
) {
    private val effects get() = ledger.effects
    private val roster get() = ledger.roster
    private var hasEnded = false

    var phase = Phase.OPEN
        private set

    /** When a drain closes the pool whatever is left, or [NEVER]. */
    var drainBy = NEVER
        private set

    private val pauses = LinkedHashSet<PauseCause>()

    /** Why it is paused, or empty where it is not. */
    val pausedBy: Set<PauseCause> get() = pauses

    fun isPausedBy(cause: PauseCause): Boolean = cause in pauses

    fun pause(cause: PauseCause) {
        if (phase != Phase.OPEN && phase != Phase.PAUSED) return
        pauses += cause
        phase = Phase.PAUSED
    }

    /** Ends the pause for [cause]; where there is another, that goes on. */
    fun resume(cause: PauseCause) {
        pauses -= cause
        if (phase == Phase.PAUSED && pauses.isEmpty()) phase = Phase.OPEN
    }

    /** Lends no more, and closes when who waits is served and all leases are back, or when [deadline] has come. */
    fun drain(now: Long, deadline: Long) {
        phase = Phase.DRAINING
        drainBy = minOf(drainBy, deadline)
        ledger.alarm.wakeFor(drainBy)
        supply.warmUps.end(supply.ready)
        while (true) departures.retire(roster.idle.first ?: break, Ending.POOL_CLOSED, now)
        effects.readinessChanged()
    }

    /** Closes at once: who waits is refused, leases end, connections are closed. */
    fun close(now: Long) {
        if (phase == Phase.CLOSED) return
        enterClosed()
        for (slot in roster.slots) {
            when (slot.state) {
                SlotState.CONNECTING -> departures.callOff(slot, Ending.POOL_CLOSED)
                SlotState.IDLE, SlotState.CHECKING, SlotState.LEASED -> departures.retire(slot, Ending.POOL_CLOSED, now)
                else -> Unit // going already
            }
        }
    }

    /** A turn has thrown: nothing is sure any more. Aborts and refuses all there is. */
    fun crash() {
        enterClosed()
        for (slot in roster.slots.toList()) departures.crash(slot)
        if (!hasEnded) effects.ended()
        hasEnded = true
    }

    /** True where who waits while it drains waits in vain: it never dials, and admits nobody any more. */
    private val isNothingToCome: Boolean get() = ledger.limits.dials.maxConcurrentConnects == 0 && roster.coming == 0

    private fun enterClosed() {
        phase = Phase.CLOSED
        pauses.clear()
        drainBy = NEVER
        queue.refuseAll(Refusal.CLOSED)
        supply.warmUps.end(0)
        effects.readinessChanged()
    }

    /** Ends a drain that has nothing to wait for, and a close whose last socket is closed. */
    fun settle(now: Long) {
        if (phase == Phase.DRAINING && roster.leased == 0 && (queue.isEmpty() || isNothingToCome)) close(now)
        if (phase == Phase.CLOSED && roster.size == 0 && !hasEnded) {
            hasEnded = true
            effects.ended()
        }
    }
}
