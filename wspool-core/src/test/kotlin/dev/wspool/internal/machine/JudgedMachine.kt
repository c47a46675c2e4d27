package dev.wspool.internal.machine

import dev.wspool.internal.machine.PoolModel.Input
import kotlin.random.Random

/** The machine of a [PoolSimulation] and the model that judges each of its turns; and the time. */
internal class JudgedMachine(
    val model: PoolModel,
    private val random: Random,
    private val isPlain: Boolean,
    private val trace: Trace?,
    newSlot: (number: Long) -> Slot,
) {
    val machine = PoolMachine(model.limits, model, { model.chance }, newSlot = newSlot)
    var now = 0L
        private set
    private var wasReady = machine.isReady

    fun passTime(until: Long): Boolean {
        if (until == NEVER || until <= now) return false
        now = until
        return true
    }

    inline fun <T> turn(
        input: Input,
        caller: SimulatedCaller? = null,
        ending: Ending? = null,
        line: () -> String,
        action: () -> T,
    ): T {
        log(line)
        begin(input, caller, ending)
        return action().also { end() }
    }

    inline fun log(line: () -> String) {
        trace?.add { "${now / 1_000_000} ms: ${line()}" }
    }

    init {
        model.capacityOf = { machine.capacity }
        model.pace.intervalOf = { machine.connectInterval }
    }

    private fun begin(input: Input, caller: SimulatedCaller?, ending: Ending?) {
        model.now = now
        model.chance = when {
            isPlain -> 1.0
            random.nextInt(4) == 0 -> 0.0
            else -> random.nextDouble()
        }
        model.began(input, caller, ending)
    }

    private fun end() {
        model.checkTurn(machine)
        machine.checkInvariants()
        val isReady = machine.isReady
        check(!isReady || wasReady || model.isReadinessTold) { "The pool has become ready, and who waits for that is not told" }
        wasReady = isReady
    }
}
