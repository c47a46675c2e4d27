package dev.wspool.internal.machine

import dev.wspool.internal.machine.SimulatedSlot.Life
import kotlin.random.Random

/** The callers of a [PoolSimulation], and what they do with what they get. What they ask of the pool goes through [tell]. */
internal class SimulatedUsers(
    private val random: Random,
    private val isPlain: Boolean,
    private val places: Int,
    private val tell: (Event) -> Unit,
) {
    /** Those who have had no answer. */
    val waiting = ArrayList<SimulatedCaller>()

    private val vetoes = if (isPlain) 0 else maxOf(0, random.nextInt(-4, 5)) // of 20 grants

    /** Leases that were not given back, be their connections lost or not. */
    val held = ArrayList<SimulatedLease>()

    /** The use [use] of [slot] comes to [caller], who may be gone. */
    fun take(caller: SimulatedCaller, slot: SimulatedSlot, use: Int) {
        slot.userLeases.removeAll { it.isReleased }
        check(slot.userLeases.size < places) { "$caller gets $slot, and others hold it: ${slot.userLeases.size}" }
        val lease = SimulatedLease(slot, use)
        slot.userLeases += lease
        if (caller.isCancelled) {
            release(lease, null)
        } else if (random.nextInt(20) < vetoes) {
            veto(caller, lease)
        } else {
            check(waiting.remove(caller)) { "$caller has his answer" }
            held += lease
        }
    }

    /** What he got does not do: it goes back, or away, and he asks again. */
    private fun veto(caller: SimulatedCaller, lease: SimulatedLease) {
        caller.isAnswered = false
        caller.hasVetoed = true
        release(lease, if (random.nextBoolean()) Ending.INVALIDATED else null)
        tell(Event(Event.Kind.BORROW_AGAIN, caller = caller))
    }

    fun refused(caller: SimulatedCaller) {
        check(caller.isCancelled || waiting.remove(caller)) { "$caller has his answer" }
    }

    /** One of those who wait is cancelled, be his answer on its way or not. */
    fun giveUp(): Boolean {
        val caller = waiting.randomOrNull(random) ?: return false
        waiting.remove(caller)
        caller.isCancelled = true
        tell(Event(Event.Kind.CANCELLED, caller = caller))
        return true
    }

    fun read(lease: SimulatedLease) {
        if (!isCurrent(lease)) return
        lease.slot.unread = 0
        lease.slot.isParked = false
    }

    /** More comes than he reads, and the engine stops reading. */
    fun park(lease: SimulatedLease, now: Long) {
        val slot = lease.slot
        if (slot.isForSeveral || !isCurrent(lease) || slot.socket != SimulatedSlot.Socket.OPEN || slot.isParked) return
        slot.unread++
        slot.heard++
        slot.heardAt = now
        slot.isParked = true
    }

    private fun isCurrent(lease: SimulatedLease) = lease.slot.life == Life.LENT && lease.slot.uses == lease.use

    fun release(lease: SimulatedLease, ending: Ending?) {
        forget(lease)
        tell(Event(Event.Kind.RETURNED, lease.slot, use = lease.use, ending = ending))
    }

    fun releaseTwice(lease: SimulatedLease) {
        release(lease, null)
        tell(Event(Event.Kind.RETURNED, lease.slot, use = lease.use, ending = Ending.INVALIDATED))
    }

    fun forget(lease: SimulatedLease) {
        lease.isReleased = true
        held.remove(lease)
    }
}
