package dev.wspool.internal.machine

import dev.wspool.internal.machine.SimulatedSlot.Life

// What follows for the model from what the machine is about to be told, before the machine decides anything.

internal fun PoolModel.failed(slot: SimulatedSlot) {
    accounts.connectFailures++
    live.remove(slot)
    slot.enter(Life.GONE, now)
}

internal fun PoolModel.connected(slot: SimulatedSlot) {
    accounts.created++
    slot.enter(Life.IN_HAND, now)
    slot.proved(now)
    if (limits.maxLifetime != NEVER) {
        slot.diesAt = now + limits.maxLifetime
        slot.servesUntil = slot.diesAt - limits.minRemainingLifetime
        slot.successorAt = slot.servesUntil - ((limits.maxLifetime * limits.lifetimeJitter).toLong() * chance).toLong()
    }
    if (slot.isCalm && !slot.hasComeByItself) pace.connected()
}

internal fun PoolModel.left(slot: SimulatedSlot, ending: Ending) {
    accounts.destroyed(ending)
    if (slot.life == Life.IDLE) idle.remove(slot)
    slot.holders.clear()
    slot.going = ending
    live.remove(slot)
    slot.enter(Life.GONE, now)
}

/** Those that [condition] holds for are not to be lent again; and what has failed is forgiven. */
internal fun PoolModel.outdate(ending: Ending, condition: (SimulatedSlot) -> Boolean) {
    pace.forgive()
    for (slot in live) if (condition(slot)) retire(slot, ending)
}

/** [slot] is not to be lent again, for [ending]. */
internal fun PoolModel.retire(slot: SimulatedSlot, ending: Ending) {
    if (slot.going != null) return
    noticeAge(slot)
    slot.isOutdated = true
    if (slot.retiring == null) slot.retiring = ending
}

/** When a life is over is known; that the machine lends an idle connection on until its successor is there is its own decision. */
internal fun PoolModel.noticeAge(slot: SimulatedSlot) {
    if (slot.life == Life.IDLE || slot.life == Life.LENT) noticeAgeOf(slot)
}

/** As [noticeAge]; for a [slot] that became usable in the present turn, too. */
internal fun PoolModel.noticeAgeOf(slot: SimulatedSlot) {
    if (slot.retiring != null || slot.ending != Ending.LIFETIME) return
    check(input == PoolModel.Input.TICK && now >= slot.successorAt) { "$slot is too young to retire" }
    slot.retiring = Ending.LIFETIME
}

internal fun PoolModel.drain(deadline: Long) {
    if (phase == Phase.CLOSED) return
    world.drain()
    phase = Phase.DRAINING
    drainBy = minOf(drainBy, deadline)
}

internal fun PoolModel.reconfigure(to: Limits) {
    for (slot in live) {
        val mayBeLent = slot.retiring == null || (slot.life == Life.IDLE && slot.retiring == Ending.LIFETIME)
        if (slot.uses >= to.maxUses && mayBeLent) slot.hasGraceUse = true
    }
    ceiling = maxOf(ceiling, live.size)
    limits = to
    pace.limits = to.dials
}
