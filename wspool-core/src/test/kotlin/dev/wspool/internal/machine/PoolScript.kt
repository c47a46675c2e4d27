package dev.wspool.internal.machine

import kotlin.test.assertEquals
import kotlin.test.fail
import kotlin.time.Duration
import kotlin.time.Duration.Companion.nanoseconds
import kotlin.time.Duration.Companion.seconds

/**
 * A test of the machine in two columns: what happens, and what must follow.
 *
 * It stands where the shell stands. Connections are named by the number of their dial, from 1, callers by their names.
 * [expect] compares all that the machine wanted since the last one, in order, and checks every invariant; what a script
 * leaves unexpected at its end fails it. Time is moved by [after] alone, which ticks as the reaper does: at the time that
 * the machine has named, asked at the start, after each tick, and when woken; so a forgotten wake is a failed test.
 */
internal class PoolScript(limits: Limits) {
    constructor(
        maxConnections: Int = 10,
        minIdle: Int = 0,
        maxWaiting: Int = Int.MAX_VALUE,
        maxIdleTime: Duration = Duration.INFINITE,
    ) : this(Limits(maxConnections, minIdle, maxWaiting = maxWaiting, maxIdleTime = maxIdleTime.inWholeNanoseconds, dials = DIALS))

    private val effects = EffectLines()
    private val slots = ArrayList<ScriptedSlot>()
    private val uses = HashMap<Int, Int>()
    private val tickets = HashMap<String, NamedTicket>()
    private val machine = PoolMachine(limits, effects, { chance }) { number -> ScriptedSlot(number).also { slots += it } }

    /** What chance gives: 1 takes each span to its full length. */
    var chance = 1.0

    private var now = 0L
    private var plannedTick = NEVER

    val tally: Tally get() = machine.tally

    /** In how long the reaper means to tick; infinite where it sleeps until woken. */
    val nextTick: Duration get() = if (plannedTick == NEVER) Duration.INFINITE else (plannedTick - now).nanoseconds

    init {
        effects.onDeliver = { uses[it.number.toInt()] = it.use }
        machine.tick(now) // as the reaper does, once
        playReaper()
    }

    /** A member, so that it comes before `kotlin.run`: runs the [script] and looks for what it has left unexpected. */
    fun run(script: PoolScript.() -> Unit) {
        script()
        expect()
    }

    fun expect(vararg lines: String) {
        assertEquals(lines.joinToString("\n"), effects.take().joinToString("\n"))
        machine.checkInvariants()
    }

    /** For a turn whose effects have no order that anyone could rely on. */
    fun expectInAnyOrder(vararg lines: String) {
        assertEquals(lines.sorted(), effects.take().sorted())
        machine.checkInvariants()
    }

    // ---- callers -------------------------------------------------------------------------------------------------------

    fun borrow(name: String, timeout: Duration = Duration.INFINITE, demand: Demand? = null) = turn {
        val ticket = NamedTicket(name, demand).also { tickets[name] = it }
        if (demand != null) return@turn machine.borrow(ticket, now, now.plusSpan(timeout.inWholeNanoseconds))
        val slot = machine.lend()
        if (slot != null) effects.lent(name, slot) else machine.borrow(ticket, now, now.plusSpan(timeout.inWholeNanoseconds))
    }

    fun tryBorrow(name: String): Boolean = turn { machine.lendNow(now)?.also { effects.lent(name, it) } != null }

    fun cancel(name: String) = turn { machine.cancel(tickets.getOrPut(name) { NamedTicket(name) }, now) }

    /** The user [use] of a connection, the last if none is named, gives it back clean; or, with an [ending], not. */
    fun release(number: Int, use: Int = uses.getValue(number), ending: Ending? = null) = turn {
        val slot = slot(number)
        if (ending != null || !machine.takeBack(slot, use)) machine.returned(slot, use, ending, now)
    }

    fun detach(number: Int, use: Int = uses.getValue(number)): Boolean = turn { machine.detach(slot(number), use, now) }

    // ---- connections ---------------------------------------------------------------------------------------------------

    fun connected(number: Int) = turn { machine.connected(slot(number), now) }

    fun connectFailed(number: Int, isPermanent: Boolean = false) =
        turn { machine.connectFailed(slot(number), ConnectFailure(number), isPermanent, now) }

    fun lost(number: Int) = turn { machine.lost(slot(number), now) }

    /** A message comes to a connection, and the machine hears that nobody seems to hold it. */
    fun message(number: Int) {
        messageBeforeTheTurn(number)
        messageTurn(number)
    }

    fun messageTurn(number: Int) = turn { machine.unsolicited(slot(number), now) }

    /** A message has come to a connection, and the turn that tells of it has not. */
    fun messageBeforeTheTurn(number: Int) {
        slot(number).unread++
    }

    fun read(number: Int) {
        slot(number).unread = 0
    }

    // ---- time and the end ----------------------------------------------------------------------------------------------

    fun after(span: Duration) {
        val target = now + span.inWholeNanoseconds
        while (plannedTick <= target) {
            now = maxOf(now, plannedTick)
            playReaper()
        }
        now = target
    }

    /** As [after], but the reaper oversleeps: what was due meanwhile is all due at once. */
    fun afterALongSleep(span: Duration) {
        now += span.inWholeNanoseconds
        playReaper()
    }

    fun drain(timeout: Duration = Duration.INFINITE) = turn { machine.drain(now, now.plusSpan(timeout.inWholeNanoseconds)) }

    fun close() = turn { machine.close(now) }

    fun crash() = turn { machine.crash() }

    /** How old the machine takes a connection's present state to be; null while it has not looked. */
    fun age(number: Int): Duration? = slot(number).since.takeIf { it != Slot.UNSTAMPED }?.let { (now - it).nanoseconds }

    fun isLent(number: Int): Boolean = slot(number).state == SlotState.LEASED

    /** What a caller who times out is told to have been the cause. */
    val lastFailure: Throwable? get() = machine.governor.lastFailure

    private fun slot(number: Int): ScriptedSlot = slots.getOrNull(number - 1) ?: fail("No dial $number, there are ${slots.size}")

    private inline fun <T> turn(input: () -> T): T = input().also { if (effects.isWoken) playReaper() }

    /** The reaper's loop, from where it wakes to where it sleeps again. */
    private fun playReaper() {
        var ticks = 0
        while (true) {
            effects.isWoken = false
            plannedTick = machine.nextTick(now)
            if (plannedTick <= now) {
                machine.tick(now)
                check(++ticks < 100) { "The reaper spins at ${now.nanoseconds}" }
            } else if (!effects.isWoken) {
                return
            }
        }
    }

    internal companion object {
        /** Short delays, so that scripts are read easily. */
        val DIALS = DialLimits(firstBackoff = 100_000_000L, longestBackoff = 5_000_000_000L)

        /** Longer than any span of the machine that a script has not set. */
        val LONG = 3600.seconds
    }
}

/** The failure of a dial. Equal where the dial is the same. */
internal data class ConnectFailure(val number: Int) : Exception("dial $number failed")
