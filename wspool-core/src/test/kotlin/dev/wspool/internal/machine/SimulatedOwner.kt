package dev.wspool.internal.machine

import dev.wspool.internal.machine.PoolModel.Input
import dev.wspool.internal.machine.SimulatedSlot.Life
import kotlin.random.Random

/** Who has made the pool of a [PoolSimulation], and what he wants of all its connections. */
internal class SimulatedOwner(private val random: Random, private val judged: JudgedMachine) {
    private val model = judged.model
    private val machine = judged.machine

    fun act() {
        when (random.nextInt(14)) {
            0, 1 -> if (model.phase == Phase.PAUSED) resume() else pause()
            2 -> resume()
            3 -> retireAll(dialsToo = false)
            4 -> retireAll(dialsToo = true)
            5 -> all(Input.EVICT, "evictIdle()") { machine.evictIdle(judged.now) }
            6 -> all(Input.SUSPECT, "suspectAll()") { machine.suspectAll(judged.now) }
            7 -> reconfigure()
            8 -> retireOne()
            9 -> warmUp()
            in 10..12 -> surroundings()
            else -> cancelWarmUp()
        }
    }

    private fun pause() = judged.turn(Input.PAUSE, line = { "pause()" }) {
        model.world.pause(PauseCause.OWNER)
        machine.pause()
    }

    fun resume() = judged.turn(Input.RESUME, line = { "resume()" }) {
        model.world.resume(PauseCause.OWNER)
        model.isThorough = model.phase == Phase.OPEN
        machine.resume(judged.now)
    }

    private fun retireAll(dialsToo: Boolean) = all(if (dialsToo) Input.ROTATE else Input.RESET, "retireAll(dialsToo = $dialsToo)") {
        machine.retireAll(if (dialsToo) Ending.ROTATED else Ending.RESET, dialsToo, judged.now)
    }

    private fun surroundings() {
        val to = Surroundings(
            isConnected = random.nextInt(3) > 0,
            network = random.nextInt(3).takeIf { it > 0 },
            isInFront = random.nextInt(3) > 0,
            isRefusing = random.nextBoolean(),
            background = BackgroundMode.entries.random(random),
        )
        val line = with(to) { "connected = $isConnected to $network, in front = $isInFront, refusing = $isRefusing, $background" }
        judged.turn(Input.SURROUNDINGS, line = { "surroundingsChanged($line)" }) {
            model.isThorough = model.phase == Phase.OPEN || model.phase == Phase.PAUSED
            model.world.told(to)
            machine.surroundingsChanged(to, judged.now)
        }
    }

    private fun reconfigure() {
        val limits = random.nextLimits(isPlain = random.nextInt(4) == 0, model.limits.leasesPerConnection, model.pace.dials)
        all(Input.RECONFIGURE, "reconfigure(maxConnections = ${limits.maxConnections}, minIdle = ${limits.minIdle})") {
            model.reconfigure(limits)
            machine.reconfigure(limits, judged.now)
        }
    }

    /** As when the peer says that it is going away. */
    private fun retireOne() {
        val slot = model.live.randomOrNull(random) ?: return
        all(Input.RETIRE, "retire($slot)") {
            if (slot.ending == null && slot.life == Life.LENT) model.successors++
            val isUnused = slot.uses == 0 && !slot.hasComeByItself && slot.ending == null && slot.life != Life.DIALLING
            if (isUnused) model.pace.lost(slot, Aftermath(backsOff = true), judged.now, model.chance)
            model.retire(slot, Ending.GOING_AWAY)
            machine.goingAway(slot, judged.now)
            check(slot.life != Life.IDLE) { "$slot stays, and is going away" }
        }
    }

    private fun warmUp() {
        val warmUp = SimulatedWarmUp(random.nextInt(1, model.limits.maxConnections + 1))
        all(Input.WARM_UP, "$warmUp") {
            model.warmUps.add(warmUp, model.ready)
            model.isThorough = model.phase == Phase.OPEN // else it is answered at once
            machine.warmUp(warmUp, judged.now)
        }
    }

    private fun cancelWarmUp() {
        val warmUp = model.warmUps.random(random) ?: return
        judged.turn(Input.CANCEL, line = { "cancel($warmUp)" }) {
            model.warmUps.cancel(warmUp)
            machine.supply.warmUps.cancel(warmUp)
        }
    }

    private inline fun all(input: Input, line: String, action: () -> Unit) = judged.turn(input, line = { line }) {
        model.isThorough = true
        action()
    }
}
