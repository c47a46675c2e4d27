package dev.wspool.internal.machine

import dev.wspool.internal.machine.SimulatedSlot.Life
import kotlin.random.Random

/** The callers of a [PoolSimulation], and what they do with what they get. What they ask of the pool goes through [tell]. */
internal class SimulatedUsers(private val tell: (Event) -> Unit) {
    /** Those who have had no answer. */
    val waiting = ArrayList<SimulatedCaller>()

    /** Leases that were not given back, be their connections lost or not. */
    val held = ArrayList<SimulatedLease>()

    /** The use [use] of [slot] comes to [caller], who may be gone. */
    fun take(caller: SimulatedCaller, slot: SimulatedSlot, use: Int) {
        val before = slot.userLease
        check(before == null || before.isReleased) { "$caller gets $slot, and another holds it" }
        val lease = SimulatedLease(slot, use)
        slot.userLease = lease
        if (caller.isCancelled) {
            release(lease, null)
        } else {
            check(waiting.remove(caller)) { "$caller has his answer" }
            held += lease
        }
    }

    fun refused(caller: SimulatedCaller) {
        check(caller.isCancelled || waiting.remove(caller)) { "$caller has his answer" }
    }

    /** One of those who wait is cancelled, be his answer on its way or not. */
    fun giveUp(random: Random): Boolean {
        val caller = waiting.randomOrNull(random) ?: return false
        waiting.remove(caller)
        caller.isCancelled = true
        tell(Event(Event.Kind.CANCELLED, caller = caller))
        return true
    }

    fun read(lease: SimulatedLease) {
        if (lease.slot.life == Life.LENT && lease.slot.uses == lease.use) lease.slot.unread = 0
    }

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
