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
        model.input == PoolModel.Input.LEND_NOW && slot.life == Life.IDLE && slot.state == SlotState.LEASED && slot.ending != null

    fun fits(caller: SimulatedCaller, slot: SimulatedSlot): Boolean {
        val demand = caller.demand ?: return true
        if (demand.id != null) return demand.id == slot.id
        if (slot.diesAt != NEVER && model.now + demand.minRemaining > slot.diesAt) return false
        val bound = if (demand.isHard) boundTo(demand.key!!) else null
        return bound == null || bound === slot
    }

    fun takesFresh(caller: SimulatedCaller): Boolean {
        val demand = caller.demand ?: return true
        if (demand.minRemaining > model.limits.maxLifetime) return false
        return demand.id == null && !(demand.isHard && boundTo(demand.key!!) != null)
    }

    /** The idle connection that is [caller]'s, where there are some for him. */
    fun best(caller: SimulatedCaller?): SimulatedSlot? {
        val preferred = caller?.demand?.key?.let(::boundTo)
        if (preferred != null && preferred.life == Life.IDLE && preferred.isQuiet && isFor(caller, preferred)) return preferred
        return model.idle.lastOrNull { isFor(caller, it) }
    }

    private fun isFor(caller: SimulatedCaller?, slot: SimulatedSlot) =
        slot.isCalm && !needsProof(slot) && (caller == null || fits(caller, slot))

    /** True where [slot] has been silent for longer than a caller is to be trusted with. */
    fun needsProof(slot: SimulatedSlot): Boolean {
        val after = model.limits.validateAfterIdle
        if (after == NEVER || !slot.canPing || slot.stampedAt == Slot.UNSTAMPED) return false
        return model.now >= maxOf(slot.stampedAt, slot.pongAt) + after
    }
}
