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
    internal val member: Member? = null,
    newSlot: (number: Long) -> Slot,
) {
    internal val ledger = Ledger(limits, effects, jitter, member)
    val limits: Limits get() = ledger.limits
    val tally = ledger.tally
    val roster = ledger.roster
    val deadlines = ledger.deadlines
    private val alarm = ledger.alarm
    val queue = WaitQueue(ledger, member?.affinity ?: Affinity())
    val governor = DialGovernor(limits.dials, jitter)
    val departures = Departures(ledger)
    val health = Health(ledger, departures)
    val lifetimes = Lifetimes(ledger, departures)
    val supply = Supply(ledger, queue, governor, health, departures, member, newSlot)

    val adaptive = AdaptiveCapacity(ledger, queue, governor)
    val lending = Lending(ledger, queue, health, lifetimes)
    val lifecycle = Lifecycle(ledger, queue, supply, departures)
    val phase: Phase get() = lifecycle.phase

    /** The world as it was told last, and the network that there was last. */
    var surroundings = Surroundings()
    var lastNetwork: Any? = null

    /** How many connections there may be. */
    val capacity: Int get() = ledger.capacity

    /** What a dial costs of the time, on the average. */
    val connectInterval: Long get() = governor.connectInterval

    /** True where who waits is served; a pool that drains takes nobody else. */
    private val isLending: Boolean get() = phase == Phase.OPEN || phase == Phase.DRAINING

    private var stampBy = NEVER

    init {
        member?.joined(this)
    }

    /** True where a caller need not expect to be kept waiting: there is what is to be kept, and dials go well. */
    val isReady: Boolean get() = phase == Phase.OPEN && !governor.isBackingOff && supply.ready >= limits.minIdle

    // ---- callers -------------------------------------------------------------------------------------------------------

    /** Lends a connection if it takes no time to decide which, or returns null: then [borrow] decides. */
    fun lend(): Slot? {
        if (phase != Phase.OPEN || queue.isPicky) return null // its last use may free who insists on it
        val slot = roster.idle.last
        if (slot == null) return lendShared()
        if (slot.since != Slot.UNSTAMPED || !slot.isQuiet) return null
        lending.lend(slot)
        return slot
    }

    /** A pong that ends a doubt comes in no turn: who waits has come before. */
    private fun lendShared(): Slot? {
        if (!queue.isEmpty()) return null
        return roster.sharing?.leastLoaded { lending.isSharedWith(it, null, 0) }?.also(lending::lend)
    }

    /** Lends a connection to who would not wait for one, or returns null. */
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
        if (lifecycle.isPausedBy(PauseCause.NETWORK) && surroundings.isRefused) return queue.refuse(ticket, Refusal.NO_NETWORK)
        if (!again) serveWaiting(now)
        val slot = find(ticket, now)
        if (slot != null) return grant(ticket, slot, now)
        val refusal = refusalOf(ticket, now, deadline, again)
        if (refusal != null) {
            queue.refuse(ticket, refusal)
            return freed(now) // what was not quiet has to be replaced, though not for him
        }
        queue.add(ticket, deadline, again)
        alarm.wakeFor(deadline)
        serveWaiting(now) // a connection that he insisted on may just have been found unfit
        provide(now)
    }

    /** What [ticket] can have now, or null; [grant] or [freed] is to follow, as what was not quiet has to be replaced. */
    fun find(ticket: Ticket, now: Long): Slot? = if (isLending) lending.pick(ticket, now) { retireUnsolicited(it, now) } else null

    /** Lends [slot], which was found for it, to [ticket]. */
    fun grant(ticket: Ticket, slot: Slot, now: Long) {
        lending.grant(ticket, slot)
        freed(now)
    }

    /** Why [ticket], for which there is nothing now, may not wait; or null. */
    private fun refusalOf(ticket: Ticket, now: Long, deadline: Long, again: Boolean): Refusal? = when {
        deadline <= now -> Refusal.TIMED_OUT
        governor.isStopped(now) -> Refusal.CONNECT_FAILED
        again || queue.size - supply.placesComing < limits.maxWaiting || supply.canProvideFor(ticket, phase, now) -> null
        else -> Refusal.TOO_MANY_WAITING
    }

    /** The caller of [ticket] is gone. What was on its way to him goes to the next. */
    fun cancel(ticket: Ticket, now: Long) {
        if (queue.cancel(ticket)) lifecycle.settle(now)
    }

    /** Takes back a connection whose user finished cleanly, if that takes no time to decide; if not, [returned] decides. */
    fun takeBack(slot: Slot, use: Int): Boolean {
        if (phase != Phase.OPEN || !slot.isHeldFor(use) || slot.ending != null) return false
        if (roster.idle.size >= ledger.maxIdle || roster.staying > ledger.capacity) return false
        if (queue.isPicky || governor.unsolicitedInARow > 0 || slot.isInDoubt) return false
        roster.sharing?.returned(slot, use)
        val longestWaiting = queue.first
        if (longestWaiting != null) {
            lending.grant(longestWaiting, slot)
        } else if (!slot.isShared) {
            ledger.move(slot, SlotState.IDLE)
        }
        return true
    }

    /**
     * The lease [use] of [slot] ends; [ending] says why the connection is not to be used again, null that it may be. Where others
     * hold it too it goes with the last of them.
     */
    fun returned(slot: Slot, use: Int, ending: Ending?, now: Long) {
        if (!slot.isHeldFor(use)) return countLate()
        roster.sharing?.returned(slot, use)
        if (ending == null && governor.served()) effects.readinessChanged()
        val isGoing = ending ?: slot.ending
        when {
            isGoing != null -> letGo(slot, isGoing, now)
            !health.holdsBack(slot) -> makeAvailable(slot, now)
        }
        freed(now)
    }

    /** The lease [use] of [slot] takes its connection with it. False where that lease had ended before. */
    fun detach(slot: Slot, use: Int, now: Long): Boolean {
        if (!slot.isHeldFor(use)) return false
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
                !health.look(slot, now) -> {
                    health.lost(slot, now)
                    member?.failed(now)
                }
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

    // ---- where transitions meet ----------------------------------------------------------------------------------------

    /** Whatever ends in *this connection is usable* ends here. */
    fun makeAvailable(slot: Slot, now: Long) {
        val ticket = if (isLending) queue.firstFitting(slot, now) ?: member?.firstFitting(slot, now) else null
        val ending = slot.ending ?: when {
            phase == Phase.CLOSED || (phase == Phase.DRAINING && ticket == null && !slot.isShared) -> Ending.POOL_CLOSED
            roster.staying > ledger.capacity && (!slot.isShared || roster.lasting > ledger.capacity) -> Ending.SURPLUS
            member != null && member.isOneTooMany -> Ending.SURPLUS
            else -> null
        }
        when {
            ending != null -> letGo(slot, ending, now)
            ticket != null -> {
                member?.granted(ticket)
                lending.grant(ticket, slot)
            }
            !slot.isShared -> keep(slot, now)
        }
    }

    /** [slot] is not to be lent again: it leaves now, or with the last of those who still have it. */
    private fun letGo(slot: Slot, ending: Ending, now: Long) {
        if (!slot.isShared) {
            departures.retire(slot, ending, now)
        } else if (slot.ending == null) {
            slot.ending = ending
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
        if (roster.idle.size > ledger.maxIdle) departures.retire(roster.idle.first!!, Ending.SURPLUS, now)
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
     * Gives those who wait what can be lent and has come to fit: who insisted on a connection that ended, or is retiring, is
     * content with another from then on; and a pong that proves a connection comes in no turn, unless one waits for it.
     */
    fun serveWaiting(now: Long) {
        if (!isLending || queue.isEmpty() || roster.isBare) return
        lending.serve(now) { retireUnsolicited(it, now) }
    }

    private fun provide(now: Long) {
        supply.provide(phase, now)
        while (supply.makeRoom(phase, now)) {
            serveWaiting(now) // who insisted on what goes is content with another, and may need a proof of it
            supply.provide(phase, now)
        }
        adaptive.look(phase, now)
    }

    /** Holds dials back as after a failure: a server that speaks unasked would have us dial and close for ever. */
    fun retireUnsolicited(slot: Slot, now: Long) {
        val isAnother = slot.isDialled && governor.spokeUnasked(slot.number, supply.lastNumber, now)
        departures.retire(slot, Ending.UNSOLICITED, now)
        if (isAnother) adaptive.failed()
    }

    fun countLate() {
        tally.late++
    }

    private companion object {
        /** 1 s: by how much an age may be understated. */
        const val STAMP_WITHIN = 1_000_000_000L
    }
}
