package dev.wspool.internal.machine

import org.junit.jupiter.api.Test
import kotlin.random.Random
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.test.fail

/** Many random lives of groups: endpoints fail, flap, return, come and go. As `PoolSimulationTest`, with the same switches. */
class GroupSimulationTest {
    private val atLeast: Int = Integer.getInteger("wspool.simulation.steps") ?: 500_000
    private val seed: Long? = java.lang.Long.getLong("wspool.simulation.seed")

    @Test
    fun groupKeepsItsPromisesWhateverHappens() {
        var next = seed ?: 1L
        var steps = 0
        while (steps < if (seed == null) atLeast else 1) {
            val life = GroupSimulation(next)
            try {
                life.run()
            } catch (failure: Throwable) {
                val trace = life.trace.takeLast(60).joinToString("\n")
                fail("Seed $next, step ${life.steps}: ${failure.message ?: failure}\n$trace", failure)
            }
            steps += life.steps
            next++
        }
    }
}

/** One random life of a group, against a model that holds who waits in which order, who has which connection, and what is open. */
internal class GroupSimulation(seed: Long) {
    private val random = Random(seed)
    private val isKeyed = random.nextInt(4) == 0
    private val maxMembers = if (isKeyed) random.nextInt(1, 5) else Int.MAX_VALUE
    private val ejection = if (isKeyed) null else EjectionLimits(random.nextInt(1, 4), 5_000_000_000L, 500_000_000L, 4_000_000_000L)
    private var now = 0L
    private var hasEnded = false
    var steps = 0
        private set
    val trace = ArrayList<String>()

    private val machine = GroupMachine(groupLimits(random.nextInt(1, 12)), Effects(), { random.nextDouble() }) { candidates, _, number ->
        if (number % 3 == 0L) candidates.random(random) else candidates.minBy { it.load }
    }
    private val members = ArrayList<SimulatedMember>()
    private val waiting = ArrayList<SimulatedCall>()
    private val held = ArrayList<Pair<Slot, Int>>()
    private val dialling = ArrayList<Slot>()
    private val open = ArrayList<Slot>()
    private val closing = ArrayList<Slot>()
    private val owners = HashMap<Slot, SimulatedMember>()
    private var callers = 0
    private var isOver = false

    private fun groupLimits(maxConnections: Int) = GroupLimits(
        maxConnections,
        maxWaiting = if (random.nextInt(4) == 0) random.nextInt(0, 5) else Int.MAX_VALUE,
        dials = dials(maxConcurrentConnects = random.nextInt(1, 6)),
        patience = 300_000_000L,
        maxMembers,
        maxEmptyTime = if (isKeyed) 2_000_000_000L else NEVER,
    )

    private inner class SimulatedMember(val number: Int, limits: Limits) : Member(machine) {
        /** Dials fail while it is down, and are not answered while it is mute. */
        var isDown = false
        var isMute = false
        override val circuit = ejection?.let { limits ->
            Circuit(limits, this@GroupSimulation.machine.fleet::mayEject) { changed -> trace += "$this is ${changed.state}" }
        }
        val own = PoolMachine(limits, MemberEffects(), { random.nextDouble() }, this) { number ->
            ScriptedSlot(number).also { owners[it] = this }
        }

        override fun toString(): String = "m$number"
    }

    private class SimulatedCall(
        val number: Int,
        override var choice: Member?,
        override val isBound: Boolean,
        override val isFixed: Boolean,
    ) : Ticket(),
        Call {
        override val key: Any? = null
        override var countedOn: Member? = null
        var answers = 0

        override fun toString(): String = "caller$number"
    }

    private inner class Effects : GroupEffects {
        override fun refuse(ticket: Ticket, refusal: Refusal) {
            val call = ticket as SimulatedCall
            trace += "$call is refused: $refusal"
            call.answers++
            waiting.remove(call)
        }

        override fun wake() = Unit

        override fun left(member: Member) {
            trace += "$member has left"
            assertTrue(members.remove(member), "$member left twice")
        }

        override fun ended() {
            check(!hasEnded) { "ended twice" }
            hasEnded = true
        }
    }

    private inner class MemberEffects : PoolEffects {
        override fun connect(slot: Slot) {
            check(machine.dials.total <= machine.maxConnections) { "$slot is one too many" }
            trace += "${owners[slot]} dials $slot"
            dialling += slot
        }

        override fun cancelConnect(slot: Slot) = Unit

        override fun deliver(ticket: Ticket, slot: Slot) {
            val call = ticket as SimulatedCall
            trace += "$call gets $slot of ${owners[slot]}"
            call.answers++
            if (call.isBound && call.isFixed) assertEquals(call.choice, owners[slot] as Member, "$call got another's connection")
            check(slot in open) { "$slot is not open" }
            val place = waiting.indexOf(call)
            if (place >= 0) {
                val passed = waiting.take(place).firstOrNull { !it.isBound }
                check(passed == null) { "$call overtook $passed" }
                waiting.remove(call)
            }
            held += slot to slot.use
        }

        override fun refuse(ticket: Ticket, refusal: Refusal) = error("a member has refused $ticket")

        override fun ping(slot: Slot) = Unit

        override fun close(slot: Slot, ending: Ending) = gone(slot)

        override fun abort(slot: Slot) = gone(slot)

        private fun gone(slot: Slot) {
            held.removeAll { it.first === slot }
            if (slot !in closing && slot in open) closing += slot
        }

        override fun gone(slot: Slot, ending: Ending) {
            held.removeAll { it.first === slot }
            open -= slot
            closing -= slot
        }

        override fun warmedUp(warmUp: WarmUp, ready: Int) = Unit

        override fun readinessChanged() = Unit

        override fun wake() = Unit

        override fun ended() = Unit
    }

    fun run() {
        repeat(random.nextInt(1, 6)) { turn { join() } }
        repeat(random.nextInt(50, 400)) { if (machine.phase != Phase.CLOSED || random.nextInt(10) == 0) turn { step() } }
        isOver = true
        settleDown()
    }

    private fun join() {
        if (machine.phase != Phase.OPEN) return
        if (!machine.fleet.makeRoom(now)) return
        val most = random.nextInt(1, 5)
        val limits = Limits(
            maxConnections = most,
            minIdle = if (random.nextInt(4) == 0) random.nextInt(0, most) else 0,
            maxIdleTime = if (random.nextBoolean()) 1_500_000_000L else NEVER,
            maxUses = if (random.nextInt(5) == 0) 3 else Int.MAX_VALUE,
            dials = dials(maxConcurrentConnects = random.nextInt(1, 5)),
        )
        val member = SimulatedMember(callers++, limits)
        members += member
        trace += "$member joins"
        machine.join(member, now)
    }

    private fun step() {
        when (random.nextInt(100)) {
            in 0..29 -> borrow()
            in 30..51 -> giveBack()
            in 52..69 -> answerDial()
            in 70..79 -> now += random.nextLong(400_000_000L)
            in 80..83 -> waiting.randomOrNull(random)?.let(::cancel)
            in 84..87 -> open.randomOrNull(random)?.let { owners.getValue(it).own.lost(it, now, aftermath()) }
            in 88..91 -> members.randomOrNull(random)?.let { it.isDown = !it.isDown }
            in 92..93 -> members.randomOrNull(random)?.let { it.isMute = !it.isMute }
            94 -> join()
            95 -> if (!isKeyed) members.filter { !it.isLeaving }.randomOrNull(random)?.let(::leave)
            96 -> if (random.nextInt(10) == 0) machine.drain(now, now + random.nextLong(3_000_000_000L))
            97 -> if (random.nextInt(20) == 0) machine.close(now)
            98 -> if (random.nextBoolean()) machine.pause() else machine.resume(now)
            99 -> machine.reconfigure(groupLimits(random.nextInt(1, 12)))
            else -> closing.randomOrNull(random)?.let { owners.getValue(it).own.lost(it, now) }
        }
    }

    private fun leave(member: Member) = machine.fleet.leave(member, now, now + random.nextLong(2_000_000_000L))

    private fun aftermath() = if (random.nextInt(3) == 0) Aftermath(backsOff = true) else Aftermath.REPLACE

    private fun borrow() {
        val fixed = if (isKeyed) members.filter { !it.isLeaving }.randomOrNull(random) ?: return else null
        val call = SimulatedCall(callers++, fixed, isBound = fixed != null || random.nextInt(5) == 0, isFixed = fixed != null)
        trace += "$call borrows"
        waiting += call
        val deadline = if (random.nextInt(3) == 0) now.plusSpan(random.nextLong(2_000_000_000L)) else NEVER
        machine.borrow(call, now, deadline)
        check(call.answers == 1 || call.state == TicketState.WAITING) { "$call has ${call.answers} answers" }
    }

    private fun cancel(call: SimulatedCall) {
        waiting.remove(call)
        machine.cancel(call)
        call.answers++
    }

    private fun giveBack() {
        val (slot, use) = held.randomOrNull(random) ?: return
        held.removeAll { it.first === slot }
        val own = owners.getValue(slot).own
        trace += "$slot comes back"
        val ending = if (random.nextInt(6) == 0) Ending.DIRTY else null
        if (ending != null || !own.takeBack(slot, use)) own.returned(slot, use, ending, now)
    }

    private fun answerDial() {
        val slot = dialling.filter { !owners.getValue(it).isMute || it.ending != null || isOver }.randomOrNull(random) ?: return
        dialling -= slot
        val member = owners.getValue(slot)
        if (member.isDown || slot.ending != null || random.nextInt(20) == 0) {
            trace += "$slot fails"
            member.own.connectFailed(slot, ConnectFailure(slot.number.toInt()), isPermanent = random.nextInt(15) == 0, now)
        } else {
            trace += "$slot opens"
            open += slot
            member.own.connected(slot, now)
        }
    }

    private inline fun turn(input: () -> Unit) {
        steps++
        input()
        settle()
        for (member in members.toList()) {
            if (member.own.nextTick(now) > now) continue
            member.own.tick(now)
            settle()
        }
        var ticks = 0
        while (machine.nextTick(now) <= now) {
            machine.tick(now)
            settle()
            check(++ticks < 100) { "The reaper spins" }
        }
    }

    private fun settle() {
        machine.settle(now)
        machine.checkInvariants(now)
        assertEquals(waiting.size, machine.waiting, "waiting")
        assertEquals(held.size, members.sumOf { it.roster.leases }, "leases")
    }

    /** All is well from now on: who waits is served, and then everything ends. */
    private fun settleDown() {
        members.forEach {
            it.isDown = false
            it.isMute = false
        }
        turn { machine.resume(now) }
        var turns = 0
        while (waiting.isNotEmpty() && machine.phase == Phase.OPEN) {
            if (machine.members.none { !it.isLeaving }) turn { join() }
            turn {
                repeat(3) { giveBack() }
                repeat(3) { answerDial() }
                closing.toList().forEach { owners.getValue(it).own.lost(it, now) }
                now += 200_000_000L
            }
            check(++turns < 2_000) { "$waiting are stranded" }
        }
        turn { machine.close(now) }
        turns = 0
        while (!hasEnded) {
            turn {
                while (dialling.isNotEmpty()) answerDial()
                closing.toList().forEach { owners.getValue(it).own.lost(it, now) }
                now += 1_000_000_000L
            }
            check(++turns < 100) { "The group does not end: ${machine.members}, $open" }
        }
        assertTrue(open.isEmpty() && held.isEmpty() && waiting.isEmpty(), "$open, $held, $waiting")
    }
}
