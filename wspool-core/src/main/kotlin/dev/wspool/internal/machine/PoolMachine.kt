package dev.wspool.internal.machine

/**
 * Decides everything that a pool decides, and does nothing: no coroutine, clock, I/O, log or random. Each input is one call,
 * each output a call on [PoolEffects]; time is a parameter, in nanoseconds from any origin that stays the same, and so is
 * chance ([Jitter]). The same calls give the same effects.
 *
 * Not thread-safe: calls are made one at a time, each a *turn*. Inputs that come in plenty read no clock: [lend] and
 * [takeBack] say whether they could do without; [borrow] and [returned] are for when they could not.
 *
 * Here stand what callers and time bring, and the transitions where all inputs meet; what connections tell is in
 * [Connections][connected], what the user wants of the pool as a whole in [Commands][evictIdle]. Each policy is a part of its own:
 * [Supply] and [DialGovernor] decide what is dialled and when, [Health] what is proved, [Lifetimes] what is replaced, [Departures]
 * how it leaves.
 * What holds at the end of every turn is listed, and checked, in [checkInvariants].
 */
internal class PoolMachine(
    limits: Limits,
    internal val effects: PoolEffects,
    jitter: Jitter = Jitter { 0.0 },
    newSlot: (number: Long) -> Slot,
) {
    internal val ledger = Ledger(limits, effects, jitter)
    val limits: Limits get() = ledger.limits
    val tally = ledger.tally
    val roster = ledger.roster
    val deadlines = ledger.deadlines
    private val alarm = ledger.alarm
    val queue = WaitQueue(ledger, Affinity())
    val governor = DialGovernor(limits.dials, jitter)
    val departures = Departures(ledger)
    val health = Health(ledger, departures)
    val lifetimes = Lifetimes(ledger, departures)
    val supply = Supply(ledger, queue, governor, health, departures, newSlot)

    val adaptive = AdaptiveCapacity(ledger, queue, governor)
    val lending = Lending(ledger, queue, health, lifetimes)
    val lifecycle = Lifecycle(ledger, queue, supply, departures)
    val phase: Phase get() = lifecycle.phase

    /** How many connections there may be. */
    val capacity: Int get() = ledger.capacity

    /** What a dial costs of the time, on the average. */
    val connectInterval: Long get() = governor.connectInterval

    private var stampBy = NEVER

    /** True where a caller need not expect to be kept waiting: there is what is to be kept, and dials go well. */
    val isReady: Boolean get() = phase == Phase.OPEN && !governor.isBackingOff && supply.ready >= limits.minIdle

    // ---- callers -------------------------------------------------------------------------------------------------------

    /** Lends the newest idle connection if that takes no time to decide, or returns null: then [borrow] decides. */
    fun lend(): Slot? {
        if (phase != Phase.OPEN || queue.isPicky) return null // its last use may free who insists on it
        val slot = roster.idle.last
        if (slot == null || slot.since != Slot.UNSTAMPED || !slot.isQuiet) return null
        lending.lend(slot)
        return slot
    }

    /** Lends an idle connection to who would not wait for one, or returns null. */
    fun lendNow(now: Long): Slot? {
        if (phase != Phase.OPEN) return null
        serveWaiting(now)
        val slot = lending.pick(null, now) { retireUnsolicited(it, now) }
        if (slot != null) lending.lend(slot) else supply.proveOne(now) // so that he may find it when he asks again
        freed(now)
        return slot
    }

    /**
     * Serves [ticket] at once, or puts it into the queue until [deadline], or refuses it.
     *
     * @param again after what it got turned out unfit: it keeps its place, which is the first.
     */
    fun borrow(ticket: Ticket, now: Long, deadline: Long, again: Boolean = false) {
        if (phase == Phase.DRAINING && !again) return queue.refuse(ticket, Refusal.DRAINING)
        if (phase == Phase.CLOSED) return queue.refuse(ticket, Refusal.CLOSED)
        if (!again) serveWaiting(now)
        val slot = if (phase == Phase.OPEN) lending.pick(ticket, now) { retireUnsolicited(it, now) } else null
        if (slot != null) {
            lending.grant(ticket, slot)
            return freed(now) // what was not quiet has to be replaced
        }
        if (deadline <= now) return queue.refuse(ticket, Refusal.TIMED_OUT)
        if (governor.isStopped(now)) return queue.refuse(ticket, Refusal.CONNECT_FAILED)
        if (!again && queue.size - roster.coming >= limits.maxWaiting && !supply.canProvideFor(ticket, phase, now)) {
            return queue.refuse(ticket, Refusal.TOO_MANY_WAITING)
        }
        queue.add(ticket, deadline, again)
        alarm.wakeFor(deadline)
        serveWaiting(now) // a connection that he insisted on may just have been found unfit
        provide(now)
    }

    /** The caller of [ticket] is gone. What was on its way to him goes to the next. */
    fun cancel(ticket: Ticket, now: Long) {
        if (queue.cancel(ticket)) lifecycle.settle(now)
    }

    /** Takes back a connection whose user finished cleanly, if that takes no time to decide; if not, [returned] decides. */
    fun takeBack(slot: Slot, use: Int): Boolean {
        if (phase != Phase.OPEN || !isCurrent(slot, use) || slot.ending != null) return false
        if (roster.idle.size >= limits.maxIdle || roster.staying > ledger.capacity) return false
        if (queue.isPicky || governor.unsolicitedInARow > 0 || slot.isInDoubt) return false
        val longestWaiting = queue.first
        if (longestWaiting == null) ledger.move(slot, SlotState.IDLE) else lending.grant(longestWaiting, slot)
        return true
    }

    /** The lease [use] of [slot] ends; [ending] says why the connection is not to be used again, null that it may be. */
    fun returned(slot: Slot, use: Int, ending: Ending?, now: Long) {
        if (!isCurrent(slot, use)) return countLate()
        if (ending == null && governor.served()) effects.readinessChanged()
        val isGoing = ending ?: slot.ending
        when {
            isGoing != null -> departures.retire(slot, isGoing, now)
            !health.holdsBack(slot) -> makeAvailable(slot, now)
        }
        freed(now)
    }

    /** The lease [use] of [slot] takes its connection with it. False where that lease had ended before. */
    fun detach(slot: Slot, use: Int, now: Long): Boolean {
        if (!isCurrent(slot, use)) return false
        departures.end(slot, Ending.DETACHED)
        freed(now)
        return true
    }

    // ---- time ----------------------------------------------------------------------------------------------------------

    /** When [tick] is to be called next, or [NEVER]. Asked after each tick, and when woken. */
    fun nextTick(now: Long): Long {
        var next = minOf(minOf(deadlines.first, lifecycle.drainBy), minOf(idleEnd(), adaptive.growsAt))
        if (roster.hasUnstamped) {
            if (stampBy == NEVER) stampBy = now.plusSpan(STAMP_WITHIN) // once: asking again must not put it off
            next = minOf(next, stampBy)
        }
        next = minOf(next, supply.nextDialAt(phase))
        alarm.set(next)
        return next
    }

    /** Does what is due at [now]. Called once at the start, for what the pool is to hold from then on. */
    fun tick(now: Long) {
        roster.stamp(now)
        stampBy = NEVER
        while (true) {
            when (val due = deadlines.removeDue(now) ?: break) {
                is Ticket -> queue.refuse(due, Refusal.TIMED_OUT)
                is Slot -> look(due, now)
            }
        }
        while (idleEnd() <= now) {
            departures.retire(roster.idle.first!!, Ending.IDLE_TOO_LONG, now)
            adaptive.shrunk()
        }
        adaptive.tick(now)
        if (now >= lifecycle.drainBy) close(now) else freed(now)
    }

    private fun look(slot: Slot, now: Long) {
        when (slot.state) {
            SlotState.CLOSING, SlotState.ABORTING -> departures.overdue(slot, now) // freed at the end of the tick, when who is late is gone
            else -> when {
                !health.look(slot, now) -> health.lost(slot, now)
                slot.state == SlotState.CHECKING -> reinstate(slot, now)
                else -> lifetimes.look(slot, now)
            }
        }
        ledger.reschedule(slot)
    }

    /** When the longest idle connection has been so for too long, or [NEVER]. */
    private fun idleEnd(): Long {
        val oldest = roster.idle.first
        if (oldest == null || oldest.since == Slot.UNSTAMPED || roster.idle.size <= limits.minIdle) return NEVER
        return oldest.since.plusSpan(limits.maxIdleTime)
    }

    // ---- the end -------------------------------------------------------------------------------------------------------

    /** Lends no more, and closes when who waits is served and all leases are back, or when [deadline] has come. */
    fun drain(now: Long, deadline: Long) {
        if (phase == Phase.CLOSED) return
        if (phase == Phase.PAUSED) reopen(now) else serveWaiting(now) // who waits is served before what is idle goes
        lifecycle.drain(now, deadline)
        freed(now)
    }

    /** Closes at once: who waits is refused, leases end, connections are closed. */
    fun close(now: Long) {
        lifecycle.close(now)
        lifecycle.settle(now)
    }

    /** A turn has thrown: nothing is sure any more. Aborts and refuses all there is. */
    fun crash() = lifecycle.crash()

    // ---- where transitions meet ----------------------------------------------------------------------------------------

    /** Whatever ends in *this connection is usable* ends here. */
    fun makeAvailable(slot: Slot, now: Long) {
        val ticket = if (phase == Phase.OPEN || phase == Phase.DRAINING) queue.firstFitting(slot, now) else null
        val ending = slot.ending ?: when {
            phase == Phase.CLOSED || (phase == Phase.DRAINING && ticket == null) -> Ending.POOL_CLOSED
            roster.staying > ledger.capacity -> Ending.SURPLUS
            else -> null
        }
        when {
            ending != null -> departures.retire(slot, ending, now)
            ticket != null -> lending.grant(ticket, slot)
            else -> keep(slot, now)
        }
    }

    /** [slot] is proved, and counts again. */
    fun reinstate(slot: Slot, now: Long) {
        // A message may have come meanwhile, of which the turn has not.
        if (slot.isQuiet || slot.quieten()) makeAvailable(slot, now) else retireUnsolicited(slot, now)
        effects.readinessChanged()
    }

    private fun keep(slot: Slot, now: Long) {
        ledger.move(slot, SlotState.IDLE)
        if (roster.idle.size > limits.maxIdle) departures.retire(roster.idle.first!!, Ending.SURPLUS, now)
    }

    /** Whatever ends in *this capacity is free*, or may be wanted, ends here. */
    fun freed(now: Long) {
        serveWaiting(now)
        lifetimes.replaceAging(now)
        supply.warmUps.answer(supply.ready)
        provide(now)
        lifecycle.settle(now)
    }

    /**
     * Gives those who wait what lies idle and has come to fit: who insisted on a connection that ended, or is retiring, is
     * content with another from then on; and a pong that proves a connection comes in no turn, unless one waits for it.
     */
    fun serveWaiting(now: Long) {
        if (phase != Phase.OPEN || queue.isEmpty()) return
        do {
            var hasFoundLoud = false // and may have been what somebody insisted on, after others were passed by
            if (roster.idle.isEmpty()) return
            lending.serveIdle(now) { slot ->
                retireUnsolicited(slot, now)
                hasFoundLoud = true
            }
        } while (hasFoundLoud)
    }

    private fun provide(now: Long) {
        supply.provide(phase, now)
        adaptive.look(phase, now)
    }

    /** Holds dials back as after a failure: a server that speaks unasked would have us dial and close for ever. */
    fun retireUnsolicited(slot: Slot, now: Long) {
        val isAnother = governor.spokeUnasked(slot.number, supply.lastNumber, now)
        departures.retire(slot, Ending.UNSOLICITED, now)
        if (isAnother) adaptive.failed()
    }

    private fun isCurrent(slot: Slot, use: Int): Boolean = slot.state == SlotState.LEASED && slot.use == use

    fun countLate() {
        tally.late++
    }

    private companion object {
        /** 1 s: by how much an age may be understated. */
        const val STAMP_WITHIN = 1_000_000_000L
    }
}
