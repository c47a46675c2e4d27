package dev.wspool.internal.machine

import dev.wspool.internal.machine.PoolModel.Input
import dev.wspool.internal.machine.SimulatedSlot.Life
import kotlin.random.Random

/**
 * One random life of a pool, from one seed: the machine between callers, an owner, an engine and a clock that do what they
 * like.
 *
 * Effects and inputs lie in one bag, [underWay], and are taken out in any order: those of one turn may come before those of
 * an earlier one. Dials go well, fail or hang; a Close is answered, late, or never, and so is a ping; an abort is confirmed
 * or never; connections die, fall silent and speak at any time; callers insist on what they get, give up at any moment, and
 * end their leases clean, dirty, twice, late or not at all; the owner changes his mind; the clock stops at the machine's
 * next tick, or does not. One life in four is plain: no policy is on that can be off. What must be so is the [PoolModel]'s
 * to say; here is what only the engine can see: never more sockets than allowed.
 */
internal class PoolSimulation(seed: Long, private val trace: Trace? = null) {
    private val random = Random(seed)
    private val isPlain = random.nextInt(4) == 0
    private val limits = random.nextLimits(isPlain)
    private val lifetime = random.nextInt(100, 3000)
    private val borrowing = random.nextInt(2, 20) // of 100 steps
    private val demanding = if (isPlain || random.nextBoolean()) 0 else random.nextInt(10) // of 10 callers
    private val admitting = if (limits.dials.maxConcurrentConnects == 0) 20 else random.nextInt(-20, 20)
    private val luck = random.nextInt(1, 12)
    private val restlessness = if (isPlain) 0 else random.nextInt(20) // of 20 chances to act for the owner
    private val pace = longArrayOf(10_000_000L, 100_000_000L, 1_000_000_000L).random(random)
    private val model = PoolModel(limits, ::noted)
    private val underWay = ArrayList<Event>()
    private val engine = SimulatedEngine(random, isPlain, limits.leasesPerConnection, underWay::add)
    private val users = SimulatedUsers(random, isPlain, limits.leasesPerConnection, underWay::add)
    private val reaper = SimulatedReaper(model)
    private val judged = JudgedMachine(model, random, isPlain, trace, engine::newSlot)
    private val machine = judged.machine
    private val owner = SimulatedOwner(random, judged)
    private val tidings = Tidings(random, isPlain, judged)

    private val now: Long get() = judged.now
    private var callers = 0
    private var newest = 0L

    var steps = 0
        private set

    fun run() {
        trace?.add { "maxConnections = ${limits.maxConnections}, leasesPerConnection = ${limits.leasesPerConnection}" }
        trace?.add { "minIdle = ${limits.minIdle}, maxWaiting = ${limits.maxWaiting}" }
        tick()
        while (steps < lifetime && (model.endings == 0 || random.nextInt(20) > 0)) {
            step(random.nextInt(100))
            checkStep()
        }
        end()
        check(users.waiting.isEmpty()) { "Without an answer: ${users.waiting}" }
        check(model.endings == 1 && underWay.isEmpty()) { "The pool has not ended" }
        check(model.warmUps.isEmpty) { "A wish to be warmed up is without an answer" }
        engine.checkAllClosed()
        check(machine.tally.created == machine.tally.destroyedTotal) { "More was created than destroyed" }
    }

    private fun step(dice: Int) {
        val isDone = when {
            dice < borrowing -> borrow()
            dice < 37 -> carryOn()
            dice < 38 -> random.nextInt(20) < admitting && admit()
            dice < 46 -> engine.answerDial(luck)
            dice < 52 -> engine.answerPing(now)
            dice < 68 -> useLease()
            dice < 71 -> users.giveUp()
            dice < 74 -> random.nextInt(luck) == 0 && engine.message(now)
            dice < 76 -> random.nextInt(luck) == 0 && if (random.nextBoolean()) engine.die() else engine.deafen()
            dice < 83 -> engine.finishClosing()
            dice < 91 -> reap()
            dice < 97 -> judged.passTime(if (random.nextBoolean()) reaper.plannedTick else now + random.nextLong(pace))
            dice < 99 -> random.nextInt(20) < restlessness && true.also { owner.act() }
            else -> random.nextInt(30) == 0 && beginEnd()
        }
        if (!isDone && !carryOn()) reap()
    }

    private fun checkStep() {
        steps++
        check(engine.openSockets() <= model.ceiling) { "${engine.openSockets()} sockets are open" }
        reaper.check()
    }

    // ---- the end -------------------------------------------------------------------------------------------------------

    private fun beginEnd(): Boolean {
        val dice = random.nextInt(20)
        when {
            dice == 0 -> judged.turn(Input.CRASH, line = { "crash()" }) { machine.crash() }
            dice < 10 -> judged.turn(Input.CLOSE, line = { "close()" }) { machine.close(now) }
            else -> {
                val deadline = if (dice < 15) NEVER else now + random.nextLong(2_000_000_000L)
                judged.turn(Input.DRAIN, line = { "drain(deadline = ${deadline / 1_000_000} ms)" }) {
                    model.drain(deadline)
                    model.isThorough = true
                    machine.drain(now, deadline)
                }
            }
        }
        return true
    }

    /** Lets all that is under way come to its end. A drain without a deadline is one that users help along. */
    private fun end() {
        repeat(50_000) {
            val isOpen = model.phase == Phase.OPEN || model.phase == Phase.PAUSED
            if (isOpen || (model.endings == 0 && random.nextInt(20) == 0)) beginEnd()
            when {
                underWay.isNotEmpty() -> carryOn()
                reap() || engine.answerDial(10) || engine.finishClosing() -> Unit
                model.isDrainingForEver && users.held.isNotEmpty() -> users.release(users.held.first(), null)
                judged.passTime(reaper.plannedTick) -> Unit
                model.isDrainingForEver && users.giveUp() -> Unit // who waits for a connection that never comes
                else -> return
            }
            checkStep()
        }
        error("The pool does not end")
    }

    // ---- turns ---------------------------------------------------------------------------------------------------------

    private fun borrow(): Boolean {
        if (users.waiting.size >= 12) return false
        val timeout = when (random.nextInt(6)) {
            0 -> NEVER
            1 -> if (random.nextBoolean()) 0 else 1
            else -> random.nextLong(3_000_000_000L)
        }
        val demand = if (random.nextInt(10) < demanding) random.nextDemand(newest) else null
        val caller = SimulatedCaller(++callers, now.plusSpan(timeout), demand)
        val isInHaste = random.nextInt(4) == 0
        val slot = if (demand != null) {
            null
        } else if (isInHaste && !isPlain) {
            lendNow(caller)
        } else {
            lend(caller)
        }
        when {
            slot != null -> {
                caller.isAnswered = true
                users.waiting += caller
                val event = Event(Event.Kind.DELIVER, slot, caller, slot.use)
                if (random.nextBoolean()) underWay += event else users.take(caller, slot, slot.use)
            }
            !isInHaste -> {
                users.waiting += caller
                borrow(caller, isAgain = false)
            }
        }
        return true
    }

    private fun lend(caller: SimulatedCaller): SimulatedSlot? = judged.turn(Input.LEND, caller, line = { "lend() for $caller" }) {
        val newest = model.idle.lastOrNull()?.takeIf { it.isQuiet && it.stampedAt == Slot.UNSTAMPED && model.phase == Phase.OPEN }
        val isSimple = model.queue.all { it.demand == null }
        val shareable = if (model.idle.isEmpty() && model.queue.isEmpty() && model.phase == Phase.OPEN) model.demands.best(null) else null
        val slot = machine.lend() as SimulatedSlot?
        if (shareable == null) check(slot === newest?.takeIf { isSimple }) { "lend() finds $slot, should find $newest" }
        check(shareable == null || slot != null) { "lend() finds nothing, should find $shareable" }
        if (slot != null) model.lend(caller, slot)
        slot
    }

    private fun lendNow(caller: SimulatedCaller): SimulatedSlot? = judged.turn(Input.LEND_NOW, caller, line = { "lendNow() for $caller" }) {
        model.isThorough = model.phase == Phase.OPEN
        val slot = machine.lendNow(now) as SimulatedSlot?
        if (slot != null) {
            model.lend(caller, slot)
        } else if (model.phase == Phase.OPEN) {
            check(model.demands.best(null) == null) { "lendNow() does not find ${model.demands.best(null)}" }
        }
        slot
    }

    private fun borrow(caller: SimulatedCaller, isAgain: Boolean) =
        judged.turn(Input.BORROW, caller, line = { "borrow($caller, ${describe(caller.demand)}, again = $isAgain)" }) {
            val waitedFor = model.inVain
            val isStopped = model.pace.isStopped(now)
            machine.borrow(caller, now, caller.deadline, isAgain)
            model.isThorough = !caller.isAnswered || caller.state == TicketState.GRANTED
            if (model.hasFoundLoud) { // he may have been served after he was queued, as that freed one for him
                model.accounts.servedFromQueue = machine.tally.borrowsAfterWaiting
            }
            if (caller.isAnswered) return@turn
            check(model.phase != Phase.CLOSED && (isAgain || !model.isDraining)) { "$caller waits for a pool that lends no more" }
            check(now < caller.deadline) { "$caller waits and has no time" }
            check(!isStopped) { "$caller waits for what will not heal" }
            val isAllowed = isAgain || waitedFor < model.limits.maxWaiting
            model.queue.add(if (isAgain) 0 else model.queue.size, caller)
            // Beyond what is allowed waits only he for whom a connection is on its way.
            val isMoved = model.effectsInTurn > 0
            val onTheWay = model.coming + model.leaving
            val isComing = model.phase == Phase.OPEN && onTheWay > 0 && onTheWay >= model.freshWanted
            check(isAllowed || isMoved || isComing) { "$caller waits behind $waitedFor others" }
        }

    private fun borrowAgain(caller: SimulatedCaller) {
        if (caller.isCancelled) caller.isAnswered = true else borrow(caller, isAgain = true)
    }

    private fun describe(demand: Demand?) =
        demand?.run { "id = $id, key = $key, hard = $isHard, minRemaining = ${minRemaining / 1_000_000} ms" }

    /** Somebody connects by himself. */
    private fun admit(): Boolean {
        val owner = if (random.nextBoolean()) null else random.nextInt(4)
        val mayCome = (model.phase == Phase.OPEN || model.phase == Phase.PAUSED) && model.live.size < model.capacity
        val slot = judged.turn(Input.ADMIT, line = { "admit(owner = $owner)" }) { machine.admit(owner) as SimulatedSlot? }
        check((slot != null) == mayCome) { "$slot is admitted, should be $mayCome" }
        slot?.keyOfOwner = owner
        return true
    }

    private fun useLease(): Boolean {
        val lease = users.held.randomOrNull(random) ?: return false
        if (lease.slot.isParked && random.nextInt(20) > 0) return false // who does not read is busy with something else
        when (random.nextInt(21 + luck)) {
            in 0..3 -> users.read(lease)
            4 -> users.release(lease, Ending.DIRTY)
            5 -> users.release(lease, Ending.INVALIDATED)
            6 -> detach(lease)
            7 -> users.releaseTwice(lease)
            8 -> users.park(lease, now)
            else -> users.release(lease, null)
        }
        return true
    }

    private fun reap(): Boolean {
        if (!reaper.isUp(now)) return false
        judged.log { "nextTick()" }
        if (reaper.ask(machine, now)) tick()
        return true
    }

    private fun tick() {
        judged.turn(Input.TICK, line = { "tick()" }) {
            model.isThorough = true
            machine.tick(now)
        }
        reaper.hasTicked()
        if (random.nextBoolean()) check(!reaper.ask(machine, now)) { "The reaper spins" }
    }

    private fun detach(lease: SimulatedLease) {
        if (lease.slot.isForSeveral) return users.release(lease, null) // the shell refuses it
        judged.turn(Input.DETACH, line = { "detach(${lease.slot}, use = ${lease.use})" }) {
            val slot = lease.slot
            val isCurrent = slot.life == Life.LENT && slot.uses == lease.use
            if (isCurrent) model.left(slot, Ending.DETACHED)
            model.isThorough = isCurrent
            users.forget(lease)
            check(machine.detach(slot, lease.use, now) == isCurrent) { "$slot is detached from its use ${lease.use}, should be $isCurrent" }
        }
    }

    // ---- the bag -------------------------------------------------------------------------------------------------------

    private fun noted(effect: Event) {
        trace?.add { "        -> $effect" }
        if (effect.kind == Event.Kind.WAKE) reaper.wakeIsUnderWay()
        if (effect.kind == Event.Kind.CONNECT) newest = effect.slot!!.number
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
            Event.Kind.ENDED, Event.Kind.WARMED_UP -> Unit
            Event.Kind.CONNECT, Event.Kind.CANCEL_CONNECT -> engine.carryOut(event.kind, slot!!)
            Event.Kind.PING, Event.Kind.CHECK, Event.Kind.CLOSE, Event.Kind.ABORT -> engine.carryOut(event.kind, slot!!)
            Event.Kind.DELIVER -> users.take(event.caller!!, slot!!, event.use)
            Event.Kind.REFUSE -> users.refused(event.caller!!)
            Event.Kind.BORROW_AGAIN -> borrowAgain(event.caller!!)
            else -> tidings.tell(event)
        }
        if (event.kind == Event.Kind.CONNECTED) engine.announced(slot!!)
    }
}
