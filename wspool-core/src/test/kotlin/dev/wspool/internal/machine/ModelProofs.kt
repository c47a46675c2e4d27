package dev.wspool.internal.machine

import dev.wspool.internal.machine.PoolModel.Input
import dev.wspool.internal.machine.SimulatedSlot.Life

/** What the [PoolModel] knows of pings: which are right, what their answers mean, and who is suspect. */
internal class ModelProofs(private val model: PoolModel) {
    /** Something has happened in the present turn after which no connection is trusted. */
    private var isSuspicious = false
    private val suspects = ArrayList<SimulatedSlot>()
    var checksInTurn = 0
        private set

    fun began(input: Input) {
        isSuspicious = false
        suspects.clear()
        checksInTurn = 0
        if (input == Input.SUSPECT) suspect()
        if (input == Input.TICK) {
            for (slot in model.live) {
                if (slot.isParked) slot.excusedAt = model.now
                if (slot.life == Life.CHECKED && slot.answerBy <= model.now && slot.hasAnswered) usable(slot, slot.provedAt)
            }
        }
        if (input == Input.RECONFIGURE) {
            model.live.forEach { if (isOpen(it) && it.answerBy == NEVER) it.proved(model.now) }
        }
    }

    fun usable(slot: SimulatedSlot, time: Long = model.now) {
        slot.proved(model.now, time)
        slot.enter(Life.IN_HAND, model.now)
    }

    /** The machine hears that [slot] has answered; the next ping follows after an interval from the one that it answered. */
    fun answered(slot: SimulatedSlot) {
        if (isOpen(slot) && slot.answerBy != NEVER && slot.heard != slot.heardAtPing) slot.proved(model.now, slot.provedAt)
    }

    /** From now on, and until the turn ends, each may be asked whether it lives; and who is there now has to be. */
    fun suspect() {
        if (model.world.isSilent) return
        isSuspicious = true
        model.live.filterTo(suspects) { it.canPing && (it.life == Life.IDLE || (it.life == Life.LENT && !it.isDoubted)) }
    }

    fun pinged(slot: SimulatedSlot) {
        check(!model.world.isSilent) { "$slot is pinged, and cannot answer" }
        check(slot.canPing) { "$slot cannot be pinged" }
        check(isOpen(slot) || slot.life == Life.IN_HAND) { "$slot, ${slot.life}, is pinged" }
        val isDone = model.input == Input.TICK && slot.answerBy <= model.now
        if (slot.state == SlotState.CHECKING) {
            model.noticeAgeOf(slot)
            val isWanted = model.phase != Phase.PAUSED && model.asking.any { model.demands.fits(it, slot) }
            check(slot.life != Life.LENT) { "$slot is proved while it is lent" }
            val checked = model.live.count { it.life == Life.CHECKED }
            val asked = if (model.asking.any { it.demand != null }) checked else model.coming
            val isTooMany = asked >= model.limits.connectionsFor(model.asking.size) && !(model.input == Input.LEND_NOW && checked == 0)
            check(isSuspicious || !isTooMany) { "$slot has to prove itself, and $asked do so for ${model.asking.size}" }
            val isDoubted = (isWanted || model.input == Input.LEND_NOW) && model.demands.needsProof(slot)
            check(isSuspicious || isDoubted) { "$slot has to prove itself, and nobody doubts it" }
            model.idle.remove(slot)
            slot.enter(Life.CHECKED, model.now)
            slot.answerBy = model.now + minOf(model.limits.validateTimeout, model.limits.pongTimeout)
            checksInTurn++
        } else {
            val isSuspect = isSuspicious && slot.life == Life.LENT
            check(slot.answerBy == NEVER || isDone || isSuspect) { "$slot is pinged twice" }
            check(isSuspect || isSilent(slot)) { "$slot is pinged, and was heard at ${slot.heardAt}" }
            check(!slot.isInDoubt || isSuspect || slot.isDoubted) { "$slot is in doubt for no reason" }
            slot.isDoubted = slot.isInDoubt // of two pings that are right now, this says which it was
            slot.answerBy = model.now + model.limits.pongTimeout
        }
        slot.heardAtPing = slot.heard
        slot.provedAt = model.now
        slot.silentFrom = model.now
        slot.lookedAt = model.now
    }

    /** A tenth sooner than the interval at most, and what goes into one batch. */
    private fun isSilent(slot: SimulatedSlot): Boolean {
        val interval = model.limits.pingInterval
        if (interval == NEVER || model.input != Input.TICK) return false
        val shortest = interval - interval / 10 - maxOf(1, minOf(interval / 10, BATCH))
        val lookedAt = if (slot.answerBy <= model.now) model.now else slot.lookedAt // answered, and the next is due already
        val from = if (slot.heardAt > lookedAt) maxOf(slot.provedAt, slot.heardAt) else slot.provedAt
        return model.now - from >= shortest
    }

    fun checkMissing(slot: SimulatedSlot) {
        check(model.input == Input.TICK && slot.answerBy <= model.now) { "$slot has time to answer" }
        check(!slot.hasAnswered) { "$slot has answered" }
        suspect()
    }

    /** Brings the slots to what follows from the turn, and sees that nothing was left out. */
    fun ended() {
        for (slot in suspects) {
            check(slot.life != Life.IDLE) { "$slot lies idle, and may be dead" }
            if (slot.life == Life.LENT) check(slot.isDoubted) { "$slot may be dead, and is not asked" }
        }
        if (model.input != Input.TICK) return
        for (slot in model.live) {
            if (slot.answerBy <= model.now && slot.life == Life.CHECKED) error("$slot is neither proved nor dead")
            if (!isOpen(slot)) continue
            if (slot.answerBy <= model.now) {
                check(slot.hasAnswered) { "$slot has not answered, and stays" }
                slot.proved(model.now, slot.provedAt) // the next follows after an interval from the ping
            }
            // What was heard after the machine had looked at it last puts off the next ping.
            if (isPutOff(slot) && slot.silentFrom.plusSpan(model.limits.pingInterval) <= model.now) slot.silentFrom = model.now
        }
    }

    /** When [slot] must have been pinged at the latest. */
    fun pingBy(slot: SimulatedSlot): Long {
        if (model.world.isSilent || !slot.canPing || !isOpen(slot) || slot.answerBy != NEVER) return NEVER
        val by = slot.silentFrom.plusSpan(model.limits.pingInterval)
        return if (isPutOff(slot)) by.plusSpan(model.limits.pingInterval) else by
    }

    private fun isPutOff(slot: SimulatedSlot) = maxOf(slot.heardAt, slot.excusedAt) >= slot.silentFrom - model.limits.pingInterval

    private fun isOpen(slot: SimulatedSlot) = slot.life == Life.IDLE || slot.life == Life.LENT

    private companion object {
        const val BATCH = 100_000_000L
    }
}
