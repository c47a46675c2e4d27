package dev.wspool.internal.machine

import kotlin.test.assertEquals
import kotlin.time.Duration
import kotlin.time.Duration.Companion.nanoseconds

/**
 * A test of a group's machine in two columns, as [PoolScript]: what happens, and what must follow. Members are named `a`, `b` and so on,
 * connections by the number of their dial in the group.
 */
internal class GroupScript(
    members: Int,
    groupLimits: GroupLimits = GroupLimits(maxConnections = 100),
    private val limits: Limits = Limits(maxConnections = 10, dials = PoolScript.DIALS),
    private val ejection: EjectionLimits? = EjectionLimits(),
    chooser: Chooser = Chooser { candidates, _, _ -> candidates.minBy { it.load } },
) {
    private val lines = EffectLines()
    private val slots = HashMap<Int, ScriptedSlot>()
    private val owners = HashMap<Int, ScriptedMember>()
    private val uses = HashMap<Int, Int>()
    private val tickets = HashMap<String, ScriptedCall>()
    private val names = HashMap<String, ScriptedMember>()
    private var now = 0L
    private var plannedTick = NEVER
    private var isGroupWoken = false

    val machine = GroupMachine(groupLimits, GroupLines(), { 1.0 }, chooser)

    inner class ScriptedMember(val name: String) : Member(machine) {
        override val circuit = ejection?.let { limits ->
            Circuit(limits, this@GroupScript.machine.fleet::mayEject) { changed -> note("$name is ${changed.state}") }
        }
        val own = PoolMachine(limits, lines, { 1.0 }, this) { number ->
            ScriptedSlot(number).also {
                slots[number.toInt()] = it
                owners[number.toInt()] = this
                note("$name dials")
            }
        }

        override fun toString(): String = name
    }

    private inner class GroupLines : GroupEffects {
        override fun refuse(ticket: Ticket, refusal: Refusal) = lines.refuse(ticket, refusal)

        override fun wake() {
            isGroupWoken = true
        }

        override fun left(member: Member) = note("$member has left")

        override fun ended() = note("group ended")
    }

    class ScriptedCall(private val name: String, override var choice: Member?, override val demand: Demand?) :
        Ticket(),
        Call {
        override val isBound = choice != null
        override val isFixed = choice != null
        override val key: Any? = null
        override var countedOn: Member? = null

        override fun toString(): String = name
    }

    private val notes = ArrayList<String>()

    private fun note(text: String) {
        notes += text
    }

    init {
        lines.onDeliver = { uses[it.number.toInt()] = it.use }
        repeat(members) { join('a' + it) }
    }

    fun run(script: GroupScript.() -> Unit) {
        script()
        expect()
    }

    /** What has followed: first what became of members and who dials, then what their machines want. */
    fun expect(vararg expected: String) {
        val seen = (notes + lines.take()).filterNot { it.startsWith("connect ") }
        notes.clear()
        assertEquals(expected.joinToString("\n"), seen.joinToString("\n"))
        machine.checkInvariants(now)
    }

    fun join(name: Char) = turn {
        val member = ScriptedMember("$name").also { names["$name"] = it }
        machine.join(member, now)
    }

    fun leave(name: Char, within: Duration = Duration.INFINITE) =
        turn { machine.fleet.leave(names.getValue("$name"), now, now.plusSpan(within.inWholeNanoseconds)) }

    fun borrow(caller: String, timeout: Duration = Duration.INFINITE, only: Char? = null, demand: Demand? = null) = turn {
        val call = ScriptedCall(caller, only?.let { names.getValue("$it") }, demand).also { tickets[caller] = it }
        machine.borrow(call, now, now.plusSpan(timeout.inWholeNanoseconds))
    }

    fun borrowAgain(caller: String) = turn {
        val call = ScriptedCall(caller, null, null).also { tickets[caller] = it }
        machine.borrow(call, now, NEVER, again = true)
    }

    fun cancel(caller: String) = turn { machine.cancel(tickets.getValue(caller)) }

    fun connected(number: Int) = turn { owners.getValue(number).own.connected(slots.getValue(number), now) }

    fun connectFailed(number: Int, isPermanent: Boolean = false) =
        turn { owners.getValue(number).own.connectFailed(slots.getValue(number), ConnectFailure(number), isPermanent, now) }

    fun release(number: Int) = turn {
        val slot = slots.getValue(number)
        val own = owners.getValue(number).own
        if (!own.takeBack(slot, uses.getValue(number))) own.returned(slot, uses.getValue(number), null, now)
    }

    fun lost(number: Int) = turn { owners.getValue(number).own.lost(slots.getValue(number), now) }

    fun drain(within: Duration) = turn { machine.drain(now, now.plusSpan(within.inWholeNanoseconds)) }

    fun close() = turn { machine.close(now) }

    fun pause() = turn { machine.pause() }

    fun resume() = turn { machine.resume(now) }

    fun reconfigure(limits: GroupLimits) = turn { machine.reconfigure(limits) }

    fun warmUp(member: Char, count: Int) = turn { names.getValue("$member").own.warmUp(ScriptedWarmUp(member, count), now) }

    fun makeRoom(): Boolean = turn { machine.fleet.makeRoom(now) }

    private class ScriptedWarmUp(private val member: Char, count: Int) : WarmUp(count) {
        override fun failed(failure: Throwable) = Unit

        override fun toString(): String = "warm-up of $member"
    }

    fun after(span: Duration) {
        val target = now + span.inWholeNanoseconds
        while (true) {
            val next = minOf(plannedTick, names.values.minOf { it.own.nextTick(now) })
            if (next > target) break
            now = maxOf(now, next)
            names.values.forEach { if (it.own.nextTick(now) <= now) turn { it.own.tick(now) } }
            playReaper()
        }
        now = target
    }

    private inline fun <T> turn(input: () -> T): T = input().also {
        machine.settle(now)
        playReaper()
    }

    private fun playReaper() {
        var ticks = 0
        while (true) {
            isGroupWoken = false
            plannedTick = machine.nextTick(now)
            if (plannedTick > now && !isGroupWoken) return
            if (plannedTick <= now) {
                machine.tick(now)
                machine.settle(now)
                check(++ticks < 100) { "The reaper spins at ${now.nanoseconds}" }
            }
        }
    }
}
