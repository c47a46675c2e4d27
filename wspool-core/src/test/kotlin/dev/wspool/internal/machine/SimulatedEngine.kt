package dev.wspool.internal.machine

import dev.wspool.internal.machine.SimulatedSlot.Life
import dev.wspool.internal.machine.SimulatedSlot.Socket
import kotlin.random.Random

/** The engine and the network of a [PoolSimulation]. What it has to tell the machine goes through [tell], and may take its time. */
internal class SimulatedEngine(
    private val random: Random,
    private val isPlain: Boolean,
    private val places: Int,
    private val tell: (Event) -> Unit,
) {
    private val slots = ArrayList<SimulatedSlot>()
    private val isForgiving = !isPlain && random.nextInt(4) == 0
    private val deaf = random.nextInt(1, 20) // of 20, how many connections

    fun newSlot(number: Long): SimulatedSlot {
        slots.removeAll { it.life == Life.GONE && (it.socket == Socket.CLOSED || it.isGivenAway) }
        val slot = SimulatedSlot(number, canPing = isPlain || random.nextInt(5) > 0, isForgiving, places)
        slot.isDeaf = random.nextInt(20) < deaf
        return slot.also { slots += it }
    }

    /** Dials and sockets that are neither closed nor given away. */
    fun openSockets(): Int = slots.count { it.socket != Socket.NONE && it.socket != Socket.CLOSED && !it.isGivenAway }

    fun checkAllClosed() {
        val open = slots.filter { it.socket != Socket.CLOSED && !it.isGivenAway }
        check(open.isEmpty()) { "Sockets are left: ${open.map { "$it ${it.socket}" }}" }
    }

    // ---- what the machine wants ----------------------------------------------------------------------------------------

    fun carryOut(effect: Event.Kind, slot: SimulatedSlot) {
        when (effect) {
            Event.Kind.CONNECT -> slot.socket = Socket.DIALLING
            Event.Kind.CANCEL_CONNECT -> slot.isDialCancelled = true
            Event.Kind.CLOSE -> if (slot.socket == Socket.OPEN) {
                slot.socket = Socket.CLOSING
                slot.isMute = random.nextInt(4) == 0
            }
            Event.Kind.PING, Event.Kind.CHECK -> if (slot.socket == Socket.OPEN) {
                slot.pings++
                if (effect == Event.Kind.CHECK) slot.isChecked = true
            }
            else -> abort(slot)
        }
    }

    private fun abort(slot: SimulatedSlot) {
        slot.isDialCancelled = true
        if (slot.socket != Socket.OPEN && slot.socket != Socket.CLOSING) return
        slot.socket = Socket.ABORTED
        slot.isZombie = random.nextInt(5) == 0
    }

    /** The machine knows of [slot], and is told if it has died meanwhile. */
    fun announced(slot: SimulatedSlot) {
        slot.isAnnounced = true
        if (slot.socket == Socket.CLOSED) tell(Event(Event.Kind.LOST, slot))
    }

    // ---- what happens --------------------------------------------------------------------------------------------------

    /** A dial is answered: [luck] to one that it goes well. */
    fun answerDial(luck: Int): Boolean {
        val slot = randomSlot { it.socket == Socket.DIALLING } ?: return false
        val goesWell = if (slot.isDialCancelled) random.nextInt(5) == 0 else random.nextInt(2 + luck) > 0
        slot.socket = if (goesWell) Socket.OPEN else Socket.CLOSED
        val answer = when {
            goesWell -> Event.Kind.CONNECTED
            random.nextInt(6) == 0 -> Event.Kind.REFUSED_FOR_GOOD
            else -> Event.Kind.CONNECT_FAILED
        }
        tell(Event(answer, slot))
        return true
    }

    /** A ping is answered. A peer that is not read from is not heard. */
    fun answerPing(now: Long): Boolean {
        val slot = randomSlot { it.pings > 0 && it.socket == Socket.OPEN && !it.isDeaf && !it.isParked } ?: return false
        slot.pings--
        slot.pongAt = now
        heard(slot, now)
        if (slot.isChecked || random.nextBoolean()) tell(Event(Event.Kind.PONG, slot))
        slot.isChecked = false
        return true
    }

    /** The path to the peer breaks, or heals, and neither end is told. */
    fun deafen(): Boolean {
        val slot = randomSlot { it.socket == Socket.OPEN } ?: return false
        slot.isDeaf = !slot.isDeaf
        return true
    }

    fun message(now: Long): Boolean {
        val slot = randomSlot { (it.socket == Socket.OPEN || it.socket == Socket.CLOSING) && !it.isParked } ?: return false
        heard(slot, now)
        if (slot.isForSeveral) return true // whose it is finds the shell
        slot.unread++
        val isForUser = slot.life == Life.LENT && slot.userLeases.lastOrNull()?.let { it.use == slot.uses && it.isReleased } != true
        // Who looks for the lease as it is made may still see the one before.
        if (!isForUser || random.nextInt(8) == 0) tell(Event(Event.Kind.UNSOLICITED, slot))
        return true
    }

    private fun heard(slot: SimulatedSlot, now: Long) {
        slot.heard++
        slot.heardAt = now
    }

    fun die(): Boolean {
        closed(randomSlot { it.socket == Socket.OPEN || it.socket == Socket.CLOSING } ?: return false)
        return true
    }

    /** A Close is answered, or an abort confirmed. */
    fun finishClosing(): Boolean {
        val slot = randomSlot { (it.socket == Socket.CLOSING && !it.isMute) || (it.socket == Socket.ABORTED && !it.isZombie) }
        closed(slot ?: return false)
        return true
    }

    private fun closed(slot: SimulatedSlot) {
        slot.socket = Socket.CLOSED
        if (slot.isAnnounced) tell(Event(Event.Kind.LOST, slot))
    }

    private inline fun randomSlot(condition: (SimulatedSlot) -> Boolean): SimulatedSlot? {
        if (slots.isEmpty()) return null
        val first = random.nextInt(slots.size)
        for (index in slots.indices) {
            val slot = slots[(first + index) % slots.size]
            if (condition(slot)) return slot
        }
        return null
    }

    private companion object {
        /** Its user has taken it out of the pool, or the pool has waited for its end in vain. */
        val SimulatedSlot.isGivenAway: Boolean
            get() = life == Life.GONE && (isZombie || going == Ending.DETACHED || going == Ending.ABANDONED)
    }
}
