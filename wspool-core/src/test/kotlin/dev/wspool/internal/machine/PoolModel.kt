package dev.wspool.internal.machine

import dev.wspool.internal.machine.SimulatedSlot.Life

/**
 * What a pool may do, held independently of the machine: who waits in which order and until when, and who has which
 * connection. It is told of each input before the machine is ([began]), judges each effect as it comes, and the state of
 * things at the end of the turn ([checkTurn]).
 *
 * It repeats no decision of the machine: it says which decisions are right. So it needs no change where the machine finds
 * another way to the same promises. What it knows of the policies is apart: [ModelPace], [ModelProofs], [ModelDemands].
 */
internal class PoolModel(var limits: Limits, private val onEffect: (Event) -> Unit) : PoolEffects {
    /** What the machine has been told in the present turn. */
    enum class Input {
        LEND,
        LEND_NOW,
        BORROW,
        CANCEL,
        RETURN,
        DETACH,
        ADMIT,
        CONNECTED,
        CONNECT_FAILED,
        REFUSED_FOR_GOOD,
        UNSOLICITED,
        PONG,
        LOST,
        RETIRE,
        RESET,
        ROTATE,
        EVICT,
        SUSPECT,
        SURROUNDINGS,
        PAUSE,
        RESUME,
        RECONFIGURE,
        WARM_UP,
        TICK,
        DRAIN,
        CLOSE,
        CRASH,
    }

    var now = 0L

    /** What the machine's jitter gives in the present turn: so each span has one length that is right. */
    var chance = 1.0
    var phase = Phase.OPEN
    val live = ArrayList<SimulatedSlot>()
    val idle = ArrayList<SimulatedSlot>() // the longest idle first
    val queue = ArrayList<SimulatedCaller>() // the longest waiting first
    val accounts = ModelAccounts()
    val pace = ModelPace(limits.dials)
    val demands = ModelDemands(this)
    val proofs = ModelProofs(this)
    val warmUps = ModelWarmUps()
    val world = ModelWorld(this)

    /** How many connections there may be: as set, or as the machine has found. */
    var capacityOf: () -> Int = { this.limits.maxConnections }
    val capacity: Int get() = capacityOf()
    var drainBy = NEVER
    var endings = 0

    /** How many connections there can be: as many as are allowed, or as there were when less was allowed. */
    var ceiling = limits.maxConnections

    var input = Input.TICK
        private set

    /** True in a turn in which the machine knows the time and has to see to all that is wanted. */
    var isThorough = false
    var aftermath: Aftermath? = null
    var ending: Ending? = null
        private set
    private var caller: SimulatedCaller? = null

    /** Successors that are owed to connections in use which go away, and those of them that were dialled in this turn. */
    var successors = 0
    var successorsDialled = 0
        private set
    var effectsInTurn = 0
        private set
    var dialsInTurn = 0
        private set
    var isReadinessTold = false
        private set

    /** True once a connection was closed in the present turn for a message that nobody had asked for. */
    var hasFoundLoud = false
        private set

    /** Those who wait, with him who is about to. */
    val asking: List<SimulatedCaller>
        get() = caller?.takeIf { input == Input.BORROW && !it.isAnswered && it !in queue }?.let { queue + it } ?: queue

    /** True also in the turn in which a drain has nothing left to wait for. */
    val isClosing: Boolean get() = phase == Phase.CLOSED || isDrained

    /** Nobody has anything, and nobody waits for what may still come. */
    val isDrained: Boolean get() = isDraining && lent == 0 && (queue.isEmpty() || (!pace.dials && coming == 0))
    val isDraining: Boolean get() = phase == Phase.DRAINING
    val isDrainingForEver: Boolean get() = isDraining && drainBy == NEVER
    val dialling: Int get() = live.count { it.life == Life.DIALLING }
    val coming: Int get() = live.count { it.life == Life.DIALLING || it.life == Life.CHECKED }
    val lent: Int get() = live.count { it.life == Life.LENT }
    val leaving: Int get() = live.count { it.life == Life.CLOSING || it.life == Life.ABORTING }

    /** Those who wait for more than what is coming. */
    val inVain: Int get() = queue.size - coming * limits.leasesPerConnection

    /** More are kept than there may be, those left out that go with their present leases. */
    val isTooMany: Boolean get() = live.count { it.going == null && !(it.life == Life.LENT && it.retiring != null) } > capacity
    val ready: Int get() = live.count { it.life == Life.LENT || it.life == Life.IDLE || it.life == Life.IN_HAND }

    // ---- what the machine is about to be told --------------------------------------------------------------------------

    fun began(input: Input, caller: SimulatedCaller? = null, ending: Ending? = null) {
        this.input = input
        this.caller = caller
        this.ending = ending
        aftermath = null
        isThorough = false
        isReadinessTold = false
        hasFoundLoud = false
        effectsInTurn = 0
        dialsInTurn = 0
        proofs.began(input)
        when (input) {
            Input.TICK -> {
                live.forEach { if (it.stampedAt == Slot.UNSTAMPED) it.stampedAt = now }
                live.filter { it.life == Life.ABORTING && now >= it.leavesBy }.forEach { left(it, Ending.ABANDONED) }
                if (now >= drainBy) close()
            }
            Input.RESET -> outdate(Ending.RESET) { it.life != Life.DIALLING }
            Input.ROTATE -> outdate(Ending.ROTATED) { true }
            Input.CLOSE -> close()
            Input.CRASH -> {
                close()
                live.toList().forEach { if (it.life == Life.DIALLING) failed(it) else left(it, Ending.POOL_CLOSED) }
                idle.clear()
            }
            else -> Unit
        }
    }

    private fun close() {
        phase = Phase.CLOSED
        drainBy = NEVER
    }

    // ---- what the machine wants ----------------------------------------------------------------------------------------

    override fun connect(slot: Slot) {
        slot as SimulatedSlot
        check(live.size < capacity) { "$slot is one too many, there are $live" }
        if (input == Input.ADMIT) admitted(slot) else dialled(slot)
        live += slot
        slot.enter(Life.DIALLING, now)
        note(Event(Event.Kind.CONNECT, slot))
    }

    private fun dialled(slot: SimulatedSlot) {
        check(phase == Phase.OPEN || phase == Phase.DRAINING) { "$slot is dialled by a pool that is $phase" }
        pace.dialled(slot, dialling, now)
        if (successors > 0) {
            successors--
            successorsDialled++
        }
        dialsInTurn++
    }

    private fun admitted(slot: SimulatedSlot) {
        check(phase == Phase.OPEN || phase == Phase.PAUSED) { "$slot is let into a pool that is $phase" }
        pace.admitted(slot)
        slot.hasComeByItself = true
    }

    override fun cancelConnect(slot: Slot) {
        slot as SimulatedSlot
        check(slot.life == Life.DIALLING && !slot.isGivenUp) { "The dial of $slot is given up" }
        check(isClosing || slot.isOutdated) { "The dial of $slot is given up" }
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
        val hasWaited = served in queue
        for (waiting in queue) {
            if (waiting === served || served.hasVetoed) break // he has waited longest
            check(!demands.fits(waiting, slot)) { "$served is served before $waiting" }
        }
        check(hasWaited || served === caller) { "$served is served and had not asked" }
        val isPromised = phase == Phase.OPEN || (phase != Phase.PAUSED && (hasWaited || served.hasVetoed))
        check(isPromised) { "$served is served by a pool that is $phase" }
        checkLendable(slot, served)
        if (hasWaited) accounts.servedFromQueue++
        queue.remove(served)
        idle.remove(slot)
        if (slot.life != Life.LENT) slot.enter(Life.LENT, now)
        check(slot.use == ++slot.uses) { "$slot counts ${slot.use} uses, it is ${slot.uses}" }
        slot.holders[slot.uses] = served
        slot.hasGraceUse = false
        if (slot.uses >= limits.maxUses && slot.retiring == null) slot.retiring = Ending.USED_UP
        demands.served(served, slot)
        accounts.borrows++
        if (slot.uses > 1) accounts.reused++
    }

    override fun refuse(ticket: Ticket, refusal: Refusal) {
        val refused = ticket as SimulatedCaller
        val isQueued = refused in queue
        check(isQueued || refused === caller) { "$refused is refused and had not asked" }
        when (refusal) {
            Refusal.TIMED_OUT -> check(now >= refused.deadline && (!isQueued || input == Input.TICK)) { "$refused has time" }
            Refusal.TOO_MANY_WAITING -> checkTooMany(refused)
            Refusal.CONNECT_FAILED -> if (isQueued) {
                check(input == Input.REFUSED_FOR_GOOD || aftermath?.stopsFor != null) { "$refused could try again" }
            } else {
                check(pace.isStopped(now)) { "$refused could try" }
            }
            Refusal.NO_NETWORK -> check(world.isRefusing) { "$refused is refused, and there is a network, or he may wait for it" }
            Refusal.DRAINING -> check(!isQueued && !refused.hasVetoed && phase == Phase.DRAINING) { "$refused asks a pool that lends" }
            Refusal.CLOSED -> check(isClosing) { "$refused asks, or waits in, a pool that is not closed" }
            Refusal.MEMBER_LEFT -> error("$refused is in no group")
        }
        answered(ticket)
        queue.remove(refused)
        if (refusal == Refusal.TIMED_OUT) accounts.timedOut++ else accounts.refused++
        note(Event(Event.Kind.REFUSE, caller = refused))
    }

    private fun checkTooMany(refused: SimulatedCaller) {
        check(!refused.hasVetoed) { "$refused has waited already" }
        check(refused !in queue && inVain >= limits.maxWaiting) { "$refused finds ${queue.size} waiting" }
        if (phase != Phase.OPEN) return
        val couldDial = live.size < capacity && pace.nextDialAt(dialling) <= now
        check(!couldDial || !demands.takesFresh(refused)) { "$refused is refused where a dial could be made" }
        val doubted = idle.firstOrNull { demands.needsProof(it) && demands.fits(refused, it) }
        check(doubted == null) { "$refused is refused, and $doubted could be asked whether it lives" }
    }

    override fun close(slot: Slot, ending: Ending) {
        slot as SimulatedSlot
        noticeAge(slot)
        val isOld = input == Input.TICK && slot.life == Life.IDLE && slot.retiring == null && now >= slot.successorAt
        if (isOld && ending == Ending.UNFIT) slot.retiring = Ending.LIFETIME // seen to before room is made
        checkClosing(slot, ending)
        if (ending == Ending.UNSOLICITED) {
            hasFoundLoud = true
            if (!slot.hasComeByItself) pace.spokeUnasked(slot, now, chance)
        }
        leave(slot, ending, Life.CLOSING, limits.closeTimeout)
        note(Event(Event.Kind.CLOSE, slot, ending = ending))
    }

    override fun abort(slot: Slot) {
        slot as SimulatedSlot
        when (slot.life) {
            Life.IDLE, Life.LENT, Life.CHECKED -> {
                proofs.checkMissing(slot)
                leave(slot, Ending.NO_PONG, Life.ABORTING, limits.abortTimeout)
            }
            Life.GONE -> Unit // a crash
            else -> {
                check(slot.life == Life.CLOSING && now >= slot.leavesBy) { "$slot, ${slot.life}, is aborted" }
                leave(slot, slot.going!!, Life.ABORTING, limits.abortTimeout)
            }
        }
        note(Event(Event.Kind.ABORT, slot))
    }

    private fun leave(slot: SimulatedSlot, ending: Ending, life: Life, grace: Long) {
        idle.remove(slot)
        slot.holders.clear()
        slot.going = ending
        slot.enter(life, now)
        slot.leavesBy = now + grace
    }

    override fun ping(slot: Slot) {
        slot as SimulatedSlot
        proofs.pinged(slot)
        note(Event(if (slot.life == Life.CHECKED || slot.isDoubted) Event.Kind.CHECK else Event.Kind.PING, slot))
    }

    override fun gone(slot: Slot, ending: Ending) = Unit

    override fun warmedUp(warmUp: WarmUp, ready: Int) {
        warmUps.answered(warmUp as SimulatedWarmUp, isDraining || phase == Phase.CLOSED, this.ready, capacity, ready)
        note(Event(Event.Kind.WARMED_UP))
    }

    override fun readinessChanged() {
        isReadinessTold = true
    }

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
