package dev.wspool.internal.machine

import dev.wspool.internal.machine.SimulatedSlot.Life

/** What the [PoolModel] knows of who may get, or would like, which connection. */
internal class ModelDemands(private val model: PoolModel) {
    private val lastServed = HashMap<Any, SimulatedSlot>()

    fun served(caller: SimulatedCaller, slot: SimulatedSlot) {
        lastServed[caller.demand?.key ?: return] = slot
    }

    /** The connection that has served [key] last, if it will serve again. */
    private fun boundTo(key: Any): SimulatedSlot? = lastServed[key]?.takeIf { slot ->
        model.noticeAge(slot)
        slot.retiring == null && slot.going == null && slot.life != Life.GONE && !isLentForGood(slot)
    }

    /** `lendNow` tells whom it has lent only when the turn has ended. */
    private fun isLentForGood(slot: SimulatedSlot) =
        model.input == PoolModel.Input.LEND_NOW && slot.state == SlotState.LEASED && slot.ending != null

    fun fits(caller: SimulatedCaller, slot: SimulatedSlot): Boolean {
        val demand = caller.demand ?: return true
        if (demand.isFresh && slot.uses > 0) return false
        if (demand.id != null) return demand.id == slot.id
        if (slot.diesAt != NEVER && model.now + demand.minRemaining > slot.diesAt) return false
        if (slot.hasComeByItself) return demand.key == null || demand.key == slot.keyOfOwner
        val bound = if (demand.isHard) boundTo(demand.key!!) else null
        return bound == null || bound === slot
    }

    fun takesFresh(caller: SimulatedCaller): Boolean {
        val demand = caller.demand ?: return true
        if (demand.minRemaining > model.limits.maxLifetime) return false
        return demand.id == null && !(demand.isHard && boundTo(demand.key!!) != null)
    }

    /** The connection that is [caller]'s, where there are some for him; of shared ones any that is as little loaded. */
    fun best(caller: SimulatedCaller?): SimulatedSlot? {
        val preferred = caller?.demand?.key?.let(::boundTo)
        if (preferred != null && preferred.life == Life.IDLE && preferred.isQuiet && isFor(caller, preferred)) return preferred
        if (preferred != null && preferred.isShareable && fits(caller, preferred)) return preferred
        return model.idle.lastOrNull { isFor(caller, it) } ?: shareable(caller).minByOrNull { it.holders.size }
    }

    fun shareable(caller: SimulatedCaller?) = model.live.filter { it.isShareable && (caller == null || fits(caller, it)) }

    private fun isFor(caller: SimulatedCaller?, slot: SimulatedSlot) =
        slot.isCalm && !needsProof(slot) && (caller == null || fits(caller, slot))

    /** True where [slot] has been silent for longer than a caller is to be trusted with. */
    fun needsProof(slot: SimulatedSlot): Boolean {
        val after = model.limits.validateAfterIdle
        if (after == NEVER || !slot.canPing || slot.stampedAt == Slot.UNSTAMPED) return false
        return model.now >= maxOf(slot.stampedAt, slot.pongAt) + after
    }
}
