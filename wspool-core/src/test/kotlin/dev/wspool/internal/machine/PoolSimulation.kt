package dev.wspool.internal.machine

import dev.wspool.internal.machine.PoolModel.Input
import dev.wspool.internal.machine.SimulatedSlot.Life
import kotlin.random.Random

/**
 * One random life of a pool, from one seed: the machine between callers, an engine and a clock that do what they like.
 *
 * Effects and inputs lie in one bag, [underWay], and are taken out in any order: those of one turn may come before those of
 * an earlier one. Dials go well, fail or hang; a Close is answered, late, or never; an abort is confirmed or never;
 * connections die and speak at any time; callers give up at any moment, and end their leases clean, dirty, twice, late or
 * not at all; the clock stops at the machine's next tick, or does not. What must be so is the [PoolModel]'s to say; here
 * is what only the engine can see: never more sockets than allowed.
 */
internal class PoolSimulation(seed: Long, private val trace: Trace? = null) {
    private val random = Random(seed)
    private val limits = random.nextLimits()
    private val lifetime = random.nextInt(100, 3000)
    private val demand = random.nextInt(2, 20) // of 100 steps
    private val luck = random.nextInt(1, 12)
    private val pace = longArrayOf(10_000_000L, 100_000_000L, 1_000_000_000L).random(random)
    private val model = PoolModel(limits, ::noted)
    private val underWay = ArrayList<Event>()
    private val engine = SimulatedEngine(random, underWay::add)
    private val users = SimulatedUsers(underWay::add)
    private val reaper = SimulatedReaper(model)
    private val machine = PoolMachine(limits, model, { 1.0 }, engine::newSlot)

    private var now = 0L
    private var callers = 0

    var steps = 0
        private set

    fun run() {
        trace?.add { "maxConnections = ${limits.maxConnections}, minIdle = ${limits.minIdle}, maxWaiting = ${limits.maxWaiting}" }
        tick()
        while (steps < lifetime && (model.endings == 0 || random.nextInt(20) > 0)) {
            step(random.nextInt(100))
            checkStep()
        }
        end()
        check(users.waiting.isEmpty()) { "Without an answer: ${users.waiting}" }
        check(model.endings == 1 && underWay.isEmpty()) { "The pool has not ended" }
        engine.checkAllClosed()
        check(machine.tally.created == machine.tally.destroyedTotal) { "More was created than destroyed" }
    }

    private fun step(dice: Int) {
        val isDone = when {
            dice < demand -> borrow()
            dice < 40 -> carryOn()
            dice < 50 -> engine.answerDial(luck)
            dice < 70 -> useLease()
            dice < 73 -> users.giveUp(random)
            dice < 76 -> random.nextInt(luck) == 0 && engine.message()
            dice < 78 -> random.nextInt(luck) == 0 && engine.die()
            dice < 86 -> engine.finishClosing()
            dice < 94 -> reap()
            dice < 99 -> passTime(if (random.nextBoolean()) reaper.plannedTick else now + random.nextLong(pace))
            else -> random.nextInt(30) == 0 && beginEnd()
        }
        if (!isDone && !carryOn()) reap()
    }

    private fun checkStep() {
        steps++
        check(engine.openSockets() <= limits.maxConnections) { "${engine.openSockets()} sockets are open" }
        reaper.check()
    }

    // ---- the end -------------------------------------------------------------------------------------------------------

    private fun beginEnd(): Boolean {
        val dice = random.nextInt(20)
        when {
            dice == 0 -> turn(Input.CRASH, line = { "crash()" }) { machine.crash() }
            dice < 10 -> turn(Input.CLOSE, line = { "close()" }) { machine.close(now) }
            else -> {
                val deadline = if (dice < 15) NEVER else now + random.nextLong(2_000_000_000L)
                turn(Input.DRAIN, line = { "drain(deadline = ${deadline / 1_000_000} ms)" }) {
                    model.drain(deadline)
                    machine.drain(now, deadline)
                }
            }
        }
        return true
    }

    /** Lets all that is under way come to its end. A drain without a deadline is one that users help along. */
    private fun end() {
        repeat(50_000) {
            if (model.phase == Phase.OPEN || (model.endings == 0 && random.nextInt(20) == 0)) beginEnd()
            when {
                underWay.isNotEmpty() -> carryOn()
                reap() || engine.answerDial(10) || engine.finishClosing() -> Unit
                model.isDrainingForEver && users.held.isNotEmpty() -> users.release(users.held.first(), null)
                !passTime(reaper.plannedTick) -> return
            }
            checkStep()
        }
        error("The pool does not end")
    }

    // ---- turns ---------------------------------------------------------------------------------------------------------

    private inline fun <T> turn(
        input: Input,
        caller: SimulatedCaller? = null,
        ending: Ending? = null,
        line: () -> String,
        action: () -> T,
    ): T {
        trace?.add { "${now / 1_000_000} ms: ${line()}" }
        model.now = now
        model.began(input, caller, ending)
        val result = action()
        model.checkTurn(machine)
        machine.checkInvariants()
        return result
    }

    private fun borrow(): Boolean {
        if (users.waiting.size >= 12) return false
        val timeout = when (random.nextInt(6)) {
            0 -> NEVER
            1 -> if (random.nextBoolean()) 0 else 1
            else -> random.nextLong(3_000_000_000L)
        }
        val caller = SimulatedCaller(++callers, now.plusSpan(timeout))
        val slot = turn(Input.LEND, caller, line = { "lend() for $caller" }) {
            val newest = model.idle.lastOrNull()?.takeIf { it.isQuiet && it.stampedAt == Slot.UNSTAMPED && model.phase == Phase.OPEN }
            val slot = machine.lend() as SimulatedSlot?
            check(slot === newest) { "lend() finds $slot, should find $newest" }
            if (slot != null) model.lend(caller, slot)
            slot
        }
        when {
            slot != null -> {
                caller.isAnswered = true
                users.waiting += caller
                val event = Event(Event.Kind.DELIVER, slot, caller, slot.use)
                if (random.nextBoolean()) underWay += event else users.take(caller, slot, slot.use)
            }
            random.nextInt(4) > 0 -> {
                users.waiting += caller
                turn(Input.BORROW, caller, line = { "borrow($caller, deadline = ${caller.deadline / 1_000_000} ms)" }) {
                    val waitedFor = model.queue.size - model.dialling
                    machine.borrow(caller, now, caller.deadline)
                    if (caller.isAnswered) return@turn
                    check(model.phase == Phase.OPEN) { "$caller waits for a pool that lends no more" }
                    check(now < caller.deadline) { "$caller waits and has no time" }
                    check(waitedFor < limits.maxWaiting || model.dialsInTurn > 0) { "$caller waits behind $waitedFor others" }
                    model.queue += caller
                }
            }
        }
        return true
    }

    private fun useLease(): Boolean {
        val lease = users.held.randomOrNull(random) ?: return false
        when (random.nextInt(20 + luck)) {
            in 0..3 -> users.read(lease)
            4 -> users.release(lease, Ending.DIRTY)
            5 -> users.release(lease, Ending.INVALIDATED)
            6 -> detach(lease)
            7 -> users.releaseTwice(lease)
            else -> users.release(lease, null)
        }
        return true
    }

    private fun reap(): Boolean {
        if (!reaper.isUp(now)) return false
        trace?.add { "${now / 1_000_000} ms: nextTick()" }
        if (reaper.ask(machine, now)) tick()
        return true
    }

    private fun tick() {
        turn(Input.TICK, line = { "tick()" }) { machine.tick(now) }
        reaper.hasTicked()
    }

    private fun passTime(until: Long): Boolean {
        if (until == NEVER || until <= now) return false
        now = until
        return true
    }

    private fun noted(effect: Event) {
        trace?.add { "        -> $effect" }
        if (effect.kind == Event.Kind.WAKE) reaper.wakeIsUnderWay()
        underWay += effect
    }

    /** Takes anything out of the bag. */
    private fun carryOn(): Boolean {
        if (underWay.isEmpty()) return false
        val index = random.nextInt(underWay.size)
        val event = underWay[index]
        underWay[index] = underWay.last()
        underWay.removeAt(underWay.lastIndex)
        carryOut(event)
        return true
    }

    private fun carryOut(event: Event) {
        val slot = event.slot
        when (event.kind) {
            Event.Kind.WAKE -> reaper.wake()
            Event.Kind.ENDED -> Unit
            Event.Kind.CONNECT, Event.Kind.CANCEL_CONNECT, Event.Kind.CLOSE, Event.Kind.ABORT -> engine.carryOut(event.kind, slot!!)
            Event.Kind.DELIVER -> users.take(event.caller!!, slot!!, event.use)
            Event.Kind.REFUSE -> users.refused(event.caller!!)
            Event.Kind.CANCELLED -> cancelled(event.caller!!)
            Event.Kind.RETURNED -> returned(slot!!, event.use, event.ending)
            else -> tell(event.kind, slot!!)
        }
    }

    private fun cancelled(caller: SimulatedCaller) = turn(Input.CANCEL, line = { "cancel($caller)" }) {
        if (model.queue.remove(caller)) {
            caller.isAnswered = true
            model.accounts.cancelled++
        }
        machine.cancel(caller, now)
    }

    private fun returned(slot: SimulatedSlot, use: Int, wish: Ending?) {
        val ending = wish ?: Ending.DIRTY.takeIf { slot.unread > 0 }
        turn(Input.RETURN, ending = ending, line = { "release($slot, use = $use, $ending)" }) {
            val isCurrent = slot.life == Life.LENT && slot.uses == use
            if (isCurrent) {
                slot.holder = null
                slot.enter(Life.IN_HAND, now)
            } else {
                model.accounts.late++
            }
            val isTakenBack = ending == null && machine.takeBack(slot, use)
            check(!isTakenBack || isCurrent) { "$slot is taken back from its use $use" }
            if (!isTakenBack) machine.returned(slot, use, ending, now)
            check(isCurrent || model.effectsInTurn == 0) { "The late return of $slot has effects" }
        }
    }

    private fun detach(lease: SimulatedLease) = turn(Input.DETACH, line = { "detach(${lease.slot}, use = ${lease.use})" }) {
        val slot = lease.slot
        val isCurrent = slot.life == Life.LENT && slot.uses == lease.use
        if (isCurrent) {
            model.gone(slot, Ending.DETACHED)
        }
        users.forget(lease)
        check(machine.detach(slot, lease.use, now) == isCurrent) { "$slot is detached from its use ${lease.use}, should be $isCurrent" }
    }

    /** The engine tells the machine of [slot]. */
    private fun tell(kind: Event.Kind, slot: SimulatedSlot) {
        val isLate = slot.life == Life.GONE
        if (isLate && kind != Event.Kind.UNSOLICITED) model.accounts.late++
        val isOpen = model.phase != Phase.CLOSED
        when (kind) {
            Event.Kind.CONNECTED -> turn(Input.CONNECTED, line = { "connected($slot)" }) {
                if (!isLate) model.connected(slot)
                machine.connected(slot, now)
            }
            Event.Kind.UNSOLICITED -> turn(Input.UNSOLICITED, line = { "message($slot)" }) {
                machine.unsolicited(slot, now)
                check(slot.life != Life.IDLE || slot.isQuiet) { "$slot stays idle with a message that nobody had asked for" }
            }
            Event.Kind.LOST -> turn(Input.LOST, line = { "lost($slot)" }) {
                if (!isLate) model.gone(slot, slot.going ?: Ending.LOST)
                machine.lost(slot, now)
            }
            else -> {
                val isPermanent = kind == Event.Kind.REFUSED_FOR_GOOD
                val input = if (isPermanent && isOpen && !isLate) Input.REFUSED_FOR_GOOD else Input.CONNECT_FAILED
                turn(input, line = { "connectFailed($slot, isPermanent = $isPermanent)" }) {
                    if (!isLate) model.failed(slot)
                    if (!isLate && isOpen) model.heldBack()
                    machine.connectFailed(slot, FAILURE, isPermanent, now)
                }
            }
        }
        if (kind == Event.Kind.CONNECTED) engine.announced(slot)
    }

    private companion object {
        val FAILURE = Exception("A dial failed")
    }
}
