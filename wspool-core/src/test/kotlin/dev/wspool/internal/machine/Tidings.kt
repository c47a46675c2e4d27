package dev.wspool.internal.machine

import dev.wspool.internal.machine.PoolModel.Input
import dev.wspool.internal.machine.SimulatedSlot.Life
import kotlin.random.Random

/** What engine and users of a [PoolSimulation] have to tell the machine. Much of it comes too late to mean anything. */
internal class Tidings(private val random: Random, private val isPlain: Boolean, private val judged: JudgedMachine) {
    private val model = judged.model
    private val machine = judged.machine

    fun tell(event: Event) {
        val slot = event.slot
        when (event.kind) {
            Event.Kind.CONNECTED -> connected(slot!!)
            Event.Kind.CONNECT_FAILED -> connectFailed(slot!!, isPermanent = false)
            Event.Kind.REFUSED_FOR_GOOD -> connectFailed(slot!!, isPermanent = true)
            Event.Kind.UNSOLICITED -> unsolicited(slot!!)
            Event.Kind.PONG -> pong(slot!!)
            Event.Kind.LOST -> lost(slot!!)
            Event.Kind.RETURNED -> returned(slot!!, event.use, event.ending)
            Event.Kind.CANCELLED -> cancelled(event.caller!!)
            else -> error("$event is no tidings")
        }
    }

    private fun connected(slot: SimulatedSlot) = judged.turn(Input.CONNECTED, line = { "connected($slot)" }) {
        if (!isLate(slot)) {
            model.connected(slot)
            if (!slot.isGivenUp && !slot.hasComeByItself) model.warmUps.dialEnded(isFailure = false)
            model.isThorough = true
        }
        machine.connected(slot, judged.now)
    }

    private fun connectFailed(slot: SimulatedSlot, isPermanent: Boolean) {
        val isLate = isLate(slot)
        val counts = !isLate && !slot.isGivenUp && !slot.hasComeByItself
        val retryAfter = if (isPlain || random.nextInt(6) > 0) 0 else random.nextLong(3_000_000_000L)
        val input = if (isPermanent && counts) Input.REFUSED_FOR_GOOD else Input.CONNECT_FAILED
        judged.turn(input, line = { "connectFailed($slot, isPermanent = $isPermanent, retryAfter = ${retryAfter / 1_000_000} ms)" }) {
            if (!isLate) {
                model.failed(slot)
                if (counts) model.warmUps.dialEnded(isFailure = true)
                model.isThorough = true
            }
            if (counts) model.pace.failed(slot, isPermanent, retryAfter, judged.now, model.chance)
            machine.connectFailed(slot, FAILURE, isPermanent, judged.now, retryAfter)
        }
    }

    private fun unsolicited(slot: SimulatedSlot) = judged.turn(Input.UNSOLICITED, line = { "message($slot)" }) {
        machine.unsolicited(slot, judged.now)
        val isHere = slot.life == Life.IDLE || slot.life == Life.CHECKED
        check(!isHere || slot.isQuiet) { "$slot stays with a message that nobody had asked for" }
        model.isThorough = model.effectsInTurn > 0
    }

    private fun pong(slot: SimulatedSlot) = judged.turn(Input.PONG, line = { "pong($slot)" }) {
        if (slot.life == Life.CHECKED) {
            model.proofs.usable(slot)
            model.isThorough = true
        }
        model.proofs.answered(slot)
        machine.pong(slot, judged.now)
    }

    private fun lost(slot: SimulatedSlot) {
        val isUnexpected = !isLate(slot) && slot.going == null
        val aftermath = if (isPlain || random.nextInt(3) > 0) Aftermath.REPLACE else random.nextAftermath()
        judged.turn(Input.LOST, line = { "lost($slot, ${describe(aftermath)})" }) {
            if (slot.life != Life.GONE) {
                model.left(slot, slot.going ?: Ending.LOST)
                model.isThorough = true
            }
            if (isUnexpected && !slot.hasComeByItself && model.phase != Phase.CLOSED) {
                model.aftermath = aftermath
                model.pace.lost(slot, aftermath, judged.now, model.chance)
                if (aftermath.isSuspicious) model.proofs.suspect()
            }
            machine.lost(slot, judged.now, aftermath)
        }
    }

    private fun describe(aftermath: Aftermath): String = with(aftermath) {
        "stops = ${stopsFor != null}, backsOff = $backsOff, hold = ${holdTo / 1_000_000} ms, suspicious = $isSuspicious, shrinks = $shrinks"
    }

    private fun returned(slot: SimulatedSlot, use: Int, wish: Ending?) {
        val ending = wish ?: Ending.DIRTY.takeIf { slot.unread > 0 }
        judged.turn(Input.RETURN, ending = ending, line = { "release($slot, use = $use, $ending)" }) {
            val isCurrent = slot.holders.remove(use) != null
            if (isCurrent) {
                slot.isParked = false
                val isHeldBack = slot.isDoubted && slot.heard == slot.heardAtPing && ending == null && slot.retiring == null
                when {
                    slot.holders.isEmpty() -> slot.enter(if (isHeldBack) Life.CHECKED else Life.IN_HAND, judged.now)
                    slot.retiring == null && !isHeldBack -> slot.retiring = ending ?: Ending.SURPLUS.takeIf { model.isTooMany }
                }
            } else {
                model.accounts.late++
            }
            val isTakenBack = ending == null && machine.takeBack(slot, use)
            check(!isTakenBack || isCurrent) { "$slot is taken back from its use $use" }
            if (!isTakenBack) {
                if (isCurrent && ending == null) model.pace.served()
                model.isThorough = isCurrent
                machine.returned(slot, use, ending, judged.now)
            }
            check(!isTakenBack || model.pace.streak == 0) { "$slot has served, and what it made up for is not forgiven" }
            check(isCurrent || model.effectsInTurn == 0) { "The late return of $slot has effects" }
        }
    }

    private fun cancelled(caller: SimulatedCaller) = judged.turn(Input.CANCEL, line = { "cancel($caller)" }) {
        if (model.queue.remove(caller)) {
            caller.isAnswered = true
            model.accounts.cancelled++
        }
        machine.cancel(caller, judged.now)
    }

    /** True, and counted, where [slot] has ended. */
    private fun isLate(slot: SimulatedSlot): Boolean {
        val isLate = slot.life == Life.GONE
        if (isLate) model.accounts.late++
        return isLate
    }

    private companion object {
        val FAILURE = Exception("A dial failed")
    }
}
