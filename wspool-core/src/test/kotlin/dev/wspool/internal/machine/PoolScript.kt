package dev.wspool.internal.machine

import kotlin.test.assertEquals
import kotlin.test.fail
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
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
    private val warmUps = HashMap<String, NamedWarmUp>()
    private val machine = PoolMachine(limits, effects, { chance }) { number -> ScriptedSlot(number).also { slots += it } }

    /** What chance gives: 1 takes each span to its full length. */
    var chance = 1.0

    private var now = 0L
    private var plannedTick = NEVER

    val tally: Tally get() = machine.tally
    val isReady: Boolean get() = machine.isReady
    val capacity: Int get() = machine.capacity
    val connectInterval: Duration get() = machine.connectInterval.nanoseconds

    /** How often it was said that who waits for the pool to be ready is to look again. */
    val readinessChanges: Int get() = effects.readinessChanges

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

    /** What the machine wanted since the last time, for tests that count instead of expecting. */
    fun take(): List<String> = effects.take().also { machine.checkInvariants() }

    /** For a turn whose effects have no order that anyone could rely on. */
    fun expectInAnyOrder(vararg lines: String) {
        assertEquals(lines.sorted(), effects.take().sorted())
        machine.checkInvariants()
    }

    // ---- callers -------------------------------------------------------------------------------------------------------

    fun borrow(name: String, timeout: Duration = Duration.INFINITE, demand: Demand? = null) = turn {
        val ticket = NamedTicket(name, demand).also { tickets[name] = it }
        val slot = if (demand == null) machine.lend() else null
        if (slot != null) effects.lent(name, slot) else machine.borrow(ticket, now, now.plusSpan(timeout.inWholeNanoseconds))
    }

    /** The caller was served, and what he got turned out unfit. */
    fun borrowAgain(name: String, timeout: Duration = Duration.INFINITE) =
        turn { machine.borrow(tickets.getValue(name), now, now.plusSpan(timeout.inWholeNanoseconds), again = true) }

    fun tryBorrow(name: String): Boolean = turn { machine.lendNow(now)?.also { effects.lent(name, it) } != null }

    fun cancel(name: String) = turn { machine.cancel(tickets.getOrPut(name) { NamedTicket(name) }, now) }

    /** The user [use] of a connection, the last if none is named, gives it back clean; or, with an [ending], not. */
    fun release(number: Int, use: Int = uses.getValue(number), ending: Ending? = null) = turn {
        val slot = slot(number)
        if (ending != null || !machine.takeBack(slot, use)) machine.returned(slot, use, ending, now)
    }

    fun detach(number: Int, use: Int = uses.getValue(number)): Boolean = turn { machine.detach(slot(number), use, now) }

    // ---- connections ---------------------------------------------------------------------------------------------------

    /** Somebody connects by himself. False where there is no place for him. */
    fun admit(owner: Any? = null): Boolean = turn { machine.admit(owner) != null }

    fun connected(number: Int) = turn { machine.connected(slot(number), now) }

    fun connectFailed(number: Int, isPermanent: Boolean = false, retryAfter: Duration = Duration.ZERO) =
        turn { machine.connectFailed(slot(number), ConnectFailure(number), isPermanent, now, retryAfter.inWholeNanoseconds) }

    fun lost(number: Int, aftermath: Aftermath = Aftermath.REPLACE) = turn { machine.lost(slot(number), now, aftermath) }

    /** A pong comes, and the machine is told; it listens where it has asked for proof. */
    fun pong(number: Int) {
        slot(number).pongAt = now
        heard(number)
        turn { machine.pong(slot(number), now) }
    }

    /** Something comes to a connection and is read; nobody tells the machine. */
    fun heard(number: Int) {
        slot(number).heard++
    }

    /** The holder of a connection reads nothing, so that it does not read either. */
    fun parked(number: Int, isParked: Boolean = true) {
        slot(number).isParked = isParked
    }

    /** The engine of a connection has no pings. */
    fun cannotPing(number: Int) {
        slot(number).canPing = false
    }

    /** What its users know a connection by from now on. */
    fun identify(number: Int, id: Any) {
        slot(number).id = id
    }

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

    /** The pool has a way for unsolicited messages of a connection. */
    fun forgive(number: Int) {
        slot(number).isForgiven = true
    }

    // ---- what the user wants of them all -------------------------------------------------------------------------------

    fun warmUp(name: String, count: Int) = turn { machine.warmUp(NamedWarmUp(name, count).also { warmUps[name] = it }, now) }

    /** Which dials the answer to a warm-up says have failed. */
    fun failuresOf(name: String): List<Throwable> = warmUps.getValue(name).failures

    fun goingAway(number: Int) = turn { machine.goingAway(slot(number), now) }

    fun retireAll(ending: Ending = Ending.RESET, dialsToo: Boolean = false) = turn { machine.retireAll(ending, dialsToo, now) }

    fun useUp(number: Int) = turn { machine.useUp(slot(number), now) }

    fun evictIdle() = turn { machine.evictIdle(now) }

    fun suspectAll() = turn { machine.suspectAll(now) }

    fun surroundings(to: Surroundings) = turn { machine.surroundingsChanged(to, now) }

    fun pause() = turn { machine.pause() }

    fun resume() = turn { machine.resume(now) }

    fun reconfigure(limits: Limits) = turn { machine.reconfigure(limits, now) }

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

    /** The dials that are not answered yet. */
    val dialling: List<Int> get() = slots.filter { it.state == SlotState.CONNECTING }.map { it.number.toInt() }

    fun isLent(number: Int): Boolean = state(number) == SlotState.LEASED

    fun state(number: Int): SlotState = slot(number).state

    /** Has connections come to be idle, the last dialled the newest, from the next dial on. */
    fun open(count: Int) {
        val from = slots.size + 1
        repeat(count) { borrow("opener$it") }
        (from until from + count).forEach(::connected)
        (from until from + count).forEach { release(it) }
        effects.take()
    }

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
        val FIRST_BACKOFF = 100.milliseconds
        val LONGEST_BACKOFF = 5.seconds
        val DIALS = dials()

        /** Longer than any span of the machine that a script has not set. */
        val LONG = 3600.seconds
    }
}

/** The failure of a dial. Equal where the dial is the same. */
internal data class ConnectFailure(val number: Int) : Exception("dial $number failed")
