package dev.wspool.internal.machine

/**
 * Decides everything that a pool decides, and does nothing: no coroutine, clock, I/O, log or random. Each input is one call,
 * each output a call on [PoolEffects]; time is a parameter, in nanoseconds from any origin that stays the same. The same
 * calls give the same effects.
 *
 * Not thread-safe: calls are made one at a time, each a *turn*. Inputs that come in plenty read no clock: [lend] and
 * [takeBack] say whether they could do without; [borrow] and [returned] are for when they could not.
 *
 * What holds at the end of every turn is listed, and checked, in [checkInvariants].
 */
internal class PoolMachine(
    internal val limits: Limits,
    private val effects: PoolEffects,
    private val newSlot: (number: Long) -> Slot,
) {
    internal enum class Phase { OPEN, DRAINING, CLOSED }

    var phase = Phase.OPEN
        private set

    val tally = Tally()
    val roster = Roster()
    val deadlines = Deadlines() // of callers who wait, and of connections that close
    val queue = WaitQueue(effects, deadlines, tally)
    val governor = DialGovernor()

    private var lastNumber = 0L
    private var drainBy = NEVER
    private var stampBy = NEVER
    private var hasEnded = false

    /** When the shell means to call [tick] next; it is woken only for what is due sooner. */
    private var plannedTick = NEVER

    // ---- callers -------------------------------------------------------------------------------------------------------

    /** Lends the newest idle connection if that takes no time to decide, or returns null: then [borrow] decides. */
    fun lend(): Slot? {
        if (phase != Phase.OPEN) return null
        val slot = roster.idle.last
        if (slot == null || !slot.isQuiet) return null
        lendOut(slot)
        return slot
    }

    /** Serves [ticket] at once, or puts it into the queue until [deadline], or refuses it. */
    fun borrow(ticket: Ticket, now: Long, deadline: Long) {
        if (phase != Phase.OPEN) return queue.refuse(ticket, if (phase == Phase.DRAINING) Refusal.DRAINING else Refusal.CLOSED)
        while (true) {
            val slot = roster.idle.last ?: break
            if (slot.isQuiet) return grant(ticket, slot)
            retireUnsolicited(slot, now)
        }
        if (deadline <= now) return queue.refuse(ticket, Refusal.TIMED_OUT)
        if (isQueueFull(now)) return queue.refuse(ticket, Refusal.TOO_MANY_WAITING)
        queue.add(ticket, deadline)
        wakeFor(deadline)
        dialAsNeeded(now)
    }

    /** The caller of [ticket] is gone. What was on its way to him goes to the next. */
    fun cancel(ticket: Ticket, now: Long) {
        if (queue.cancel(ticket)) settle(now)
    }

    /** Takes back a connection whose user finished cleanly, if that takes no time to decide; if not, [returned] decides. */
    fun takeBack(slot: Slot, use: Int): Boolean {
        if (phase != Phase.OPEN || !isCurrent(slot, use)) return false
        makeAvailable(slot)
        return true
    }

    /** The lease [use] of [slot] ends; [ending] says why the connection is not to be used again, null that it may be. */
    fun returned(slot: Slot, use: Int, ending: Ending?, now: Long) {
        when {
            !isCurrent(slot, use) -> return countLate()
            ending != null -> retire(slot, ending, now)
            else -> makeAvailableOrClose(slot, now)
        }
        settle(now)
    }

    /** The lease [use] of [slot] takes its connection with it. False where that lease had ended before. */
    fun detach(slot: Slot, use: Int, now: Long): Boolean {
        if (!isCurrent(slot, use)) return false
        end(slot, Ending.DETACHED)
        freed(now)
        return true
    }

    // ---- connections ---------------------------------------------------------------------------------------------------

    /** The dial of [slot] went well. */
    fun connected(slot: Slot, now: Long) {
        if (slot.state == SlotState.ENDED) { // only a crash ends a slot whose dial is unanswered
            effects.abort(slot)
            return countLate()
        }
        check(slot.state == SlotState.CONNECTING) { "$slot is ${slot.state}, and has connected" }
        tally.created++
        if (slot.isQuiet) {
            governor.succeeded()
            makeAvailableOrClose(slot, now)
        } else {
            retireUnsolicited(slot, now)
        }
        dialAsNeeded(now)
    }

    /** The dial of [slot] failed; where [isPermanent], trying again would not help who waits. */
    fun connectFailed(slot: Slot, failure: Throwable, isPermanent: Boolean, now: Long) {
        if (slot.state == SlotState.ENDED) return countLate()
        check(slot.state == SlotState.CONNECTING) { "$slot is ${slot.state}, and has failed to connect" }
        tally.connectFailures++
        move(slot, SlotState.ENDED)
        if (phase != Phase.CLOSED) {
            governor.failed(failure, now)
            if (isPermanent) queue.refuseAll(Refusal.CONNECT_FAILED)
        }
        freed(now)
    }

    /** A message came to [slot] while nobody held it. */
    fun unsolicited(slot: Slot, now: Long) {
        if (slot.state != SlotState.IDLE || slot.isQuiet) return // where its lease has just ended, its return sees the message
        retireUnsolicited(slot, now)
        dialAsNeeded(now)
    }

    /** The socket of [slot] is closed. */
    fun lost(slot: Slot, now: Long) {
        if (slot.state == SlotState.ENDED) return countLate()
        check(slot.state != SlotState.CONNECTING) { "$slot is lost before it has connected" }
        end(slot, slot.ending ?: Ending.LOST)
        freed(now)
    }

    // ---- time ----------------------------------------------------------------------------------------------------------

    /** When [tick] is to be called next, or [NEVER]. Asked after each tick, and when woken. */
    fun nextTick(now: Long): Long {
        var next = minOf(deadlines.first, drainBy, idleEnd())
        if (roster.hasUnstamped) {
            if (stampBy == NEVER) stampBy = now.plusSpan(STAMP_WITHIN) // once: asking again must not put it off
            next = minOf(next, stampBy)
        }
        if (wantsDial() && governor.isHolding(roster.connecting)) next = minOf(next, governor.nextDialAt)
        plannedTick = next
        return next
    }

    /** Does what is due at [now]. Called once at the start, for what the pool is to hold from then on. */
    fun tick(now: Long) {
        roster.stamp(now)
        stampBy = NEVER
        while (true) {
            when (val due = deadlines.removeDue(now) ?: break) {
                is Ticket -> queue.refuse(due, Refusal.TIMED_OUT)
                is Slot -> overdue(due, now)
            }
        }
        while (idleEnd() <= now) retire(roster.idle.first!!, Ending.IDLE_TOO_LONG, now)
        if (now >= drainBy) close(now) else freed(now)
    }

    /** When the longest idle connection has been so for too long, or [NEVER]. */
    private fun idleEnd(): Long {
        val oldest = roster.idle.first
        if (oldest == null || oldest.since == Slot.UNSTAMPED || roster.idle.size <= limits.minIdle) return NEVER
        return oldest.since.plusSpan(limits.maxIdleTime)
    }

    /** The peer did not answer the Close in time, or the engine did not confirm the abort. */
    private fun overdue(slot: Slot, now: Long) {
        if (slot.state == SlotState.ABORTING) return end(slot, Ending.ABANDONED) // freed at the end of the tick, when who is late is gone
        move(slot, SlotState.ABORTING)
        await(slot, now.plusSpan(limits.abortTimeout))
        effects.abort(slot)
    }

    private fun wakeFor(time: Long) {
        if (time >= plannedTick) return
        plannedTick = time
        effects.wake()
    }

    // ---- the end -------------------------------------------------------------------------------------------------------

    /** Lends no more, and closes when who waits is served and all leases are back, or when [deadline] has come. */
    fun drain(now: Long, deadline: Long) {
        if (phase == Phase.CLOSED) return
        phase = Phase.DRAINING
        drainBy = minOf(drainBy, deadline)
        wakeFor(drainBy)
        while (true) retire(roster.idle.first ?: break, Ending.POOL_CLOSED, now)
        settle(now)
    }

    /** Closes at once: who waits is refused, leases end, connections are closed. */
    fun close(now: Long) {
        if (phase == Phase.CLOSED) return
        phase = Phase.CLOSED
        drainBy = NEVER
        queue.refuseAll(Refusal.CLOSED)
        for (slot in roster.slots) {
            when (slot.state) {
                SlotState.CONNECTING -> effects.cancelConnect(slot)
                SlotState.IDLE, SlotState.LEASED -> retire(slot, Ending.POOL_CLOSED, now)
                else -> Unit // going already
            }
        }
        settle(now)
    }

    /** A turn has thrown: nothing is sure any more. Aborts and refuses all there is. */
    fun crash() {
        phase = Phase.CLOSED
        drainBy = NEVER
        queue.refuseAll(Refusal.CLOSED)
        for (slot in roster.slots.toList()) {
            effects.abort(slot)
            if (slot.state == SlotState.CONNECTING) tally.connectFailures++ else tally.countDestroyed(Ending.POOL_CLOSED)
            deadlines.remove(slot)
            roster.move(slot, SlotState.ENDED)
        }
        if (!hasEnded) effects.ended()
        hasEnded = true
    }

    /** Ends a drain that has nothing to wait for, and a close whose last socket is closed. */
    private fun settle(now: Long) {
        if (phase == Phase.DRAINING && queue.isEmpty() && roster.leased == 0) close(now)
        if (phase == Phase.CLOSED && roster.size == 0 && !hasEnded) {
            hasEnded = true
            effects.ended()
        }
    }

    // ---- where transitions meet ----------------------------------------------------------------------------------------

    /** Whatever ends in *this connection is usable* ends here. */
    private fun makeAvailable(slot: Slot) {
        val longestWaiting = queue.first
        if (longestWaiting == null) move(slot, SlotState.IDLE) else grant(longestWaiting, slot)
    }

    private fun makeAvailableOrClose(slot: Slot, now: Long) {
        val isWanted = phase == Phase.OPEN || (phase == Phase.DRAINING && !queue.isEmpty())
        if (isWanted) makeAvailable(slot) else retire(slot, Ending.POOL_CLOSED, now)
    }

    /** Whatever ends in *this capacity is free* ends here. */
    private fun freed(now: Long) {
        dialAsNeeded(now)
        settle(now)
    }

    private fun dialAsNeeded(now: Long) {
        while (wantsDial()) {
            if (!governor.permits(now, roster.connecting)) return wakeFor(governor.nextDialAt)
            val slot = newSlot(++lastNumber)
            roster.add(slot)
            effects.connect(slot)
        }
    }

    private fun wantsDial(): Boolean {
        if (phase == Phase.CLOSED || roster.size >= limits.maxConnections) return false
        val toKeep = if (phase == Phase.OPEN) (limits.minIdle - roster.idle.size).coerceAtLeast(0) else 0
        return roster.connecting < queue.size + toKeep
    }

    private fun grant(ticket: Ticket, slot: Slot) {
        lendOut(slot)
        queue.deliver(ticket, slot)
    }

    private fun lendOut(slot: Slot) {
        move(slot, SlotState.LEASED)
        tally.borrows++
        if (++slot.use > 1) tally.reused++
    }

    /** Callers for whom a dial is under way, or is about to be, do not count: they wait for no one else. */
    private fun isQueueFull(now: Long): Boolean {
        val canDial = roster.size < limits.maxConnections && governor.permits(now, roster.connecting)
        return queue.size - roster.connecting >= limits.maxWaiting && !canDial
    }

    /** Starts closing [slot]. */
    private fun retire(slot: Slot, ending: Ending, now: Long) {
        slot.ending = ending
        move(slot, SlotState.CLOSING)
        await(slot, now.plusSpan(limits.closeGrace))
        effects.close(slot, ending)
    }

    /** Holds dials back as after a failure: a server that speaks unasked would have us dial and close for ever. */
    private fun retireUnsolicited(slot: Slot, now: Long) {
        governor.failed(null, now)
        retire(slot, Ending.UNSOLICITED, now)
    }

    private fun await(slot: Slot, deadline: Long) {
        deadlines.add(slot, deadline)
        wakeFor(deadline)
    }

    private fun end(slot: Slot, ending: Ending) {
        deadlines.remove(slot)
        slot.ending = ending
        tally.countDestroyed(ending)
        move(slot, SlotState.ENDED)
    }

    private fun move(slot: Slot, state: SlotState) {
        if (roster.move(slot, state)) effects.wake()
    }

    private fun isCurrent(slot: Slot, use: Int): Boolean = slot.state == SlotState.LEASED && slot.use == use

    private fun countLate() {
        tally.late++
    }

    private companion object {
        /** 1 s: by how much an age may be understated. */
        const val STAMP_WITHIN = 1_000_000_000L
    }
}
