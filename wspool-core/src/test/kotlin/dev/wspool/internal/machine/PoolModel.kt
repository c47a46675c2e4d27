package dev.wspool.internal.machine

import dev.wspool.internal.machine.SimulatedSlot.Life

/**
 * What a pool may do, held independently of the machine: who waits in which order and until when, and who has which
 * connection. It is told of each input before the machine is ([began]), judges each effect as it comes, and the state of
 * things at the end of the turn ([checkTurn]).
 *
 * It repeats no decision of the machine: it says which decisions are right. So it needs no change where the machine finds
 * another way to the same promises.
 */
internal class PoolModel(val limits: Limits, private val onEffect: (Event) -> Unit) : PoolEffects {
    /** What the machine has been told in the present turn. */
    enum class Input {
        LEND,
        BORROW,
        CANCEL,
        RETURN,
        DETACH,
        CONNECTED,
        CONNECT_FAILED,
        REFUSED_FOR_GOOD,
        UNSOLICITED,
        LOST,
        TICK,
        DRAIN,
        CLOSE,
        CRASH,
    }

    var now = 0L
    var phase = Phase.OPEN
    val live = ArrayList<SimulatedSlot>()
    val idle = ArrayList<SimulatedSlot>() // the longest idle first
    val queue = ArrayList<SimulatedCaller>() // the longest waiting first
    val accounts = ModelAccounts()
    var drainBy = NEVER
    var endings = 0

    var input = Input.TICK
        private set
    private var caller: SimulatedCaller? = null
    private var ending: Ending? = null
    var effectsInTurn = 0
        private set
    var dialsInTurn = 0
        private set

    /** Dials are held back from a failure until one goes well: this many have failed in a row, and the next may be made then. */
    private var failures = 0
    var nextDialAt = NEVER
        private set
    val isBackingOff: Boolean get() = failures > 0

    val isDraining: Boolean get() = phase == Phase.DRAINING
    val isDrainingForEver: Boolean get() = isDraining && drainBy == NEVER
    val dialling: Int get() = live.count { it.life == Life.DIALLING }
    val lent: Int get() = live.count { it.life == Life.LENT }

    // ---- what the machine is about to be told --------------------------------------------------------------------------

    fun began(input: Input, caller: SimulatedCaller? = null, ending: Ending? = null) {
        this.input = input
        this.caller = caller
        this.ending = ending
        effectsInTurn = 0
        dialsInTurn = 0
        when (input) {
            Input.TICK -> {
                live.forEach { if (it.stampedAt == Slot.UNSTAMPED) it.stampedAt = now }
                live.filter { it.life == Life.ABORTING && now >= it.changedAt + limits.abortTimeout }.forEach { gone(it, Ending.ABANDONED) }
                if (now >= drainBy) close()
            }
            Input.CLOSE -> close()
            Input.CRASH -> {
                close()
                live.toList().forEach { if (it.life == Life.DIALLING) failed(it) else gone(it, Ending.POOL_CLOSED) }
                idle.clear()
            }
            else -> Unit
        }
    }

    fun failed(slot: SimulatedSlot) {
        accounts.connectFailures++
        live.remove(slot)
        slot.enter(Life.GONE, now)
    }

    fun connected(slot: SimulatedSlot) {
        accounts.created++
        slot.enter(Life.IN_HAND, now)
        if (slot.isQuiet) failures = 0
    }

    fun gone(slot: SimulatedSlot, ending: Ending) {
        accounts.destroyed(ending)
        if (slot.life == Life.IDLE) idle.remove(slot)
        slot.holder = null
        slot.going = ending
        live.remove(slot)
        slot.enter(Life.GONE, now)
    }

    /** A dial has failed, or its connection was of no use. What fails while dials are held back was dialled before. */
    fun heldBack() {
        if (isBackingOff && now < nextDialAt) return
        nextDialAt = now + minOf(limits.dials.firstBackoff shl minOf(failures, 20), limits.dials.longestBackoff)
        failures++
    }

    fun drain(deadline: Long) {
        if (phase == Phase.CLOSED) return
        phase = Phase.DRAINING
        drainBy = minOf(drainBy, deadline)
    }

    private fun close() {
        phase = Phase.CLOSED
        drainBy = NEVER
    }

    // ---- what the machine wants ----------------------------------------------------------------------------------------

    override fun connect(slot: Slot) {
        slot as SimulatedSlot
        check(phase != Phase.CLOSED) { "$slot is dialled by a closed pool" }
        check(live.size < limits.maxConnections) { "$slot is one too many, there are $live" }
        if (isBackingOff) {
            check(now >= nextDialAt) { "$slot is dialled too soon after a failure" }
            check(dialling == 0) { "$slot is dialled beside the one that was sent ahead" }
        }
        live += slot
        slot.enter(Life.DIALLING, now)
        dialsInTurn++
        note(Event(Event.Kind.CONNECT, slot))
    }

    override fun cancelConnect(slot: Slot) {
        slot as SimulatedSlot
        check(slot.life == Life.DIALLING && !slot.isGivenUp && phase != Phase.OPEN) { "The dial of $slot is given up" }
        slot.isGivenUp = true
        note(Event(Event.Kind.CANCEL_CONNECT, slot))
    }

    override fun deliver(ticket: Ticket, slot: Slot) {
        val served = answered(ticket)
        lend(served, slot as SimulatedSlot)
        note(Event(Event.Kind.DELIVER, slot, served, slot.use))
    }

    /** [served] gets [slot], whom none may have a better right to. */
    fun lend(served: SimulatedCaller, slot: SimulatedSlot) {
        val longestWaiting = queue.firstOrNull()
        check(longestWaiting == null || longestWaiting === served) { "$served is served before $longestWaiting" }
        check(longestWaiting != null || served === caller) { "$served is served and had not asked" }
        check(slot.holder == null) { "$slot is given to $served and belongs to ${slot.holder}" }
        check(slot.life == Life.IN_HAND || slot === idle.lastOrNull()) { "$slot, ${slot.life}, is given to $served; idle are $idle" }
        check(slot.isQuiet) { "$slot is given to $served with a message that is not his" }
        check(phase == Phase.OPEN || longestWaiting != null) { "$served is served by a pool that lends no more" }
        if (longestWaiting != null) accounts.servedFromQueue++
        queue.remove(served)
        idle.remove(slot)
        slot.holder = served
        slot.enter(Life.LENT, now)
        check(slot.use == ++slot.uses) { "$slot counts ${slot.use} uses, it is ${slot.uses}" }
        accounts.borrows++
        if (slot.uses > 1) accounts.reused++
    }

    override fun refuse(ticket: Ticket, refusal: Refusal) {
        val refused = answered(ticket)
        val isQueued = queue.remove(refused)
        check(isQueued || refused === caller) { "$refused is refused and had not asked" }
        when (refusal) {
            Refusal.TIMED_OUT -> check(now >= refused.deadline && (!isQueued || input == Input.TICK)) { "$refused has time" }
            Refusal.TOO_MANY_WAITING -> {
                check(!isQueued && queue.size - dialling >= limits.maxWaiting) { "$refused finds ${queue.size} waiting" }
                check(live.size == limits.maxConnections || isBackingOff) { "$refused is refused where a dial could be made" }
            }
            Refusal.CONNECT_FAILED -> check(isQueued && input == Input.REFUSED_FOR_GOOD) { "$refused could try again" }
            Refusal.DRAINING -> check(!isQueued && phase == Phase.DRAINING) { "$refused asks a pool that lends" }
            Refusal.CLOSED -> check(phase == Phase.CLOSED) { "$refused asks, or waits in, a pool that is not closed" }
        }
        if (refusal == Refusal.TIMED_OUT) accounts.timedOut++ else accounts.refused++
        note(Event(Event.Kind.REFUSE, caller = refused))
    }

    override fun close(slot: Slot, ending: Ending) {
        slot as SimulatedSlot
        check(slot.life == Life.IDLE || slot.life == Life.IN_HAND || slot.life == Life.LENT) { "$slot, ${slot.life}, is closed" }
        val isRight = when (ending) {
            Ending.DIRTY, Ending.INVALIDATED -> input == Input.RETURN && ending == this.ending && slot.life == Life.IN_HAND
            Ending.UNSOLICITED -> slot.life != Life.LENT && !slot.isQuiet
            Ending.IDLE_TOO_LONG ->
                input == Input.TICK && slot === idle.first() && idle.size > limits.minIdle && now - slot.changedAt >= limits.maxIdleTime
            Ending.POOL_CLOSED -> phase == Phase.CLOSED || (isDraining && slot.life != Life.LENT && queue.isEmpty())
            else -> false
        }
        check(isRight) { "$slot, ${slot.life}, is closed as $ending; ${idle.size} idle" }
        if (ending == Ending.UNSOLICITED) heldBack()
        idle.remove(slot)
        slot.holder = null
        slot.going = ending
        slot.enter(Life.CLOSING, now)
        note(Event(Event.Kind.CLOSE, slot))
    }

    override fun abort(slot: Slot) {
        slot as SimulatedSlot
        if (slot.life != Life.GONE) { // else a crash
            check(slot.life == Life.CLOSING && now >= slot.changedAt + limits.closeGrace) { "$slot, ${slot.life}, is aborted" }
            slot.enter(Life.ABORTING, now)
        }
        note(Event(Event.Kind.ABORT, slot))
    }

    override fun ping(slot: Slot) = Unit

    override fun gone(slot: Slot, ending: Ending) = Unit

    override fun warmedUp(warmUp: WarmUp, ready: Int) = Unit

    override fun readinessChanged() = Unit

    override fun wake() = note(Event(Event.Kind.WAKE))

    override fun ended() {
        endings++
        note(Event(Event.Kind.ENDED))
    }

    private fun answered(ticket: Ticket): SimulatedCaller {
        val answered = ticket as SimulatedCaller
        check(!answered.isAnswered) { "$answered is answered twice" }
        answered.isAnswered = true
        return answered
    }

    private fun note(event: Event) {
        if (event.kind != Event.Kind.WAKE) effectsInTurn++
        onEffect(event)
    }
}
