package dev.wspool.internal.machine

import dev.wspool.internal.machine.PoolModel.Input
import dev.wspool.internal.machine.SimulatedSlot.Life

/** Whether [slot] may be lent at all, whoever gets it. */
internal fun PoolModel.checkLendable(slot: SimulatedSlot, served: SimulatedCaller) {
    noticeAge(slot)
    check(slot.holders.size < limits.leasesPerConnection) { "$slot is given to $served and belongs to ${slot.holders}" }
    check(slot.isQuiet) { "$slot is given to $served with a message that is not his" }
    check(!slot.isOutdated) { "$slot is given to $served and was to go" }
    check(demands.fits(served, slot)) { "$slot is given to $served and does not fit" }
    check(slot.uses < limits.maxUses || slot.hasGraceUse) { "$slot is given to $served and has served ${slot.uses} times" }
    when (slot.life) {
        Life.IN_HAND -> check(slot.retiring == null) { "$slot is given to $served and is retiring as ${slot.retiring}" }
        Life.IDLE -> {
            val mayBeAging = slot.retiring == null || slot.retiring == Ending.LIFETIME
            check(mayBeAging) { "$slot is given to $served and is retiring as ${slot.retiring}" }
            if (input == Input.LEND) return // which is not told the time
            if (hasFoundLoud) return // the one that the caller insisted on may have been found so after a better one was passed by
            val best = demands.best(served)
            check(slot === best) { "$slot is given to $served, should be $best; idle are $idle" }
        }
        Life.LENT -> {
            check(slot.isShareable) { "$slot is given to $served, and is retiring as ${slot.retiring}, or in doubt" }
            if (hasFoundLoud || (input != Input.LEND && input != Input.BORROW)) return // who comes back is given on as he is
            val best = demands.best(served)
            check(best?.holders?.size == slot.holders.size) { "$slot of ${slot.holders.size} is given to $served, should be $best" }
        }
        else -> error("$slot, ${slot.life}, is given to $served")
    }
}

/** Whether [ending] is a reason to close [slot]. */
internal fun PoolModel.checkClosing(slot: SimulatedSlot, ending: Ending) {
    val isFree = slot.life == Life.IDLE || slot.life == Life.IN_HAND
    check(isFree || slot.life == Life.LENT || slot.life == Life.CHECKED) { "$slot, ${slot.life}, is closed" }
    val isReturned = slot.life == Life.IN_HAND && ending == slot.retiring
    val isRight = when (ending) {
        Ending.DIRTY, Ending.INVALIDATED -> isReturned || (input == Input.RETURN && ending == this.ending && slot.life == Life.IN_HAND)
        Ending.UNSOLICITED -> slot.life != Life.LENT && !slot.isQuiet
        Ending.IDLE_TOO_LONG ->
            input == Input.TICK && slot === idle.first() && idleNow > limits.minIdle && now - slot.changedAt >= limits.maxIdleTime
        Ending.POOL_CLOSED -> isClosing || (isDraining && isFree && isUnwanted(slot))
        Ending.LIFETIME -> isReturned || (isFree && mayReplace(slot))
        Ending.USED_UP -> isReturned
        Ending.RESET -> isReturned || (slot.life != Life.LENT && slot.isOutdated && input == Input.RESET)
        Ending.ROTATED -> isReturned || (slot.life != Life.LENT && slot.isOutdated && input == Input.ROTATE)
        Ending.GOING_AWAY -> isReturned || (slot.life != Life.LENT && slot.isOutdated && input == Input.RETIRE)
        Ending.EVICTED -> slot.life == Life.IDLE && input == Input.EVICT
        Ending.NETWORK_CHANGED -> isReturned || (slot.life != Life.LENT && slot.isOutdated && input == Input.SURROUNDINGS)
        Ending.SURPLUS -> isReturned || (isFree && isSurplus(slot))
        Ending.UNFIT -> isFree && isInTheWay(slot)
        else -> false
    }
    check(isRight) { "$slot, ${slot.life}, is closed as $ending; ${idle.size} idle" }
}

/** Nobody waits for [slot], or a fresh one does as well: as it would have to be proved, or what he insisted on has just gone. */
private fun PoolModel.isUnwanted(slot: SimulatedSlot): Boolean {
    if (slot.life == Life.IDLE && (demands.needsProof(slot) || (input == Input.DRAIN && effectsInTurn > 0))) return true
    return queue.none { demands.fits(it, slot) }
}

/** Idle connections, with those that have become so in the present turn. */
internal val PoolModel.idleNow: Int get() = live.count { it.life == Life.IDLE || it.life == Life.IN_HAND }

/** Its successor is there, or none is wanted, or it cannot wait for one, or the place is its own. */
private fun PoolModel.mayReplace(slot: SimulatedSlot): Boolean {
    if (now < slot.successorAt) return false
    val isNext = live.size >= capacity && coming == 0 && leaving == 0
    return idleNow > limits.minIdle || now >= slot.servesUntil || isNext
}

private fun PoolModel.isSurplus(slot: SimulatedSlot): Boolean {
    val oldest = idle.firstOrNull()
    if (slot.life == Life.IN_HAND && live.size - leaving > capacity) return true
    if (oldest != null && slot !== oldest) return false
    return when {
        idleNow > world.maxIdle -> true
        input == Input.RECONFIGURE -> live.size - leaving > capacity
        else -> aftermath?.shrinks == true && idleNow > limits.minIdle
    }
}

/** The pool is full, and who waits for a fresh connection waits for this place. */
private fun PoolModel.isInTheWay(slot: SimulatedSlot): Boolean {
    val wantsFresh = limits.connectionsFor(asking.count { demands.takesFresh(it) })
    if (pace.nextDialAt(dialling) > now) return false // until then it may still be of use
    val isHelp = !slot.isQuiet || demands.needsProof(slot) || asking.none { demands.fits(it, slot) }
    return live.size >= capacity && coming + leaving < wantsFresh && isHelp && phase == Phase.OPEN
}
