package dev.wspool.internal.machine

import kotlin.random.Random

/** What the [PoolModel] knows of those who want connections ahead of demand. */
internal class ModelWarmUps {
    private val open = ArrayList<SimulatedWarmUp>()

    val isEmpty: Boolean get() = open.isEmpty()

    fun add(warmUp: SimulatedWarmUp, ready: Int) {
        warmUp.needed = (warmUp.target - ready).coerceAtLeast(0)
        open += warmUp
    }

    fun random(random: Random): SimulatedWarmUp? = open.randomOrNull(random)

    fun cancel(warmUp: SimulatedWarmUp) {
        open -= warmUp
    }

    fun dialEnded(isFailure: Boolean) = open.forEach {
        it.ended++
        if (isFailure) it.failed++
    }

    fun answered(warmUp: SimulatedWarmUp, isEnding: Boolean, ready: Int, capacity: Int, told: Int) {
        check(!warmUp.isAnswered && open.remove(warmUp)) { "$warmUp is answered twice" }
        warmUp.isAnswered = true
        check(told == ready || (isEnding && told == 0)) { "$warmUp hears of $told, there are $ready" }
        check(isEnding || isOver(warmUp, ready, capacity)) { "$warmUp is over with $ready" }
        check(warmUp.told == warmUp.failed) { "$warmUp hears of ${warmUp.told} failures, there were ${warmUp.failed}" }
    }

    /** How many dials are wanted. */
    fun wanted(ready: Int, capacity: Int): Int =
        open.maxOfOrNull { minOf(it.needed - it.ended, minOf(it.target, capacity) - ready) }?.coerceAtLeast(0) ?: 0

    fun check(isEnding: Boolean, ready: Int, capacity: Int) = open.forEach {
        check(!isEnding) { "$it waits for a pool that lends no more" }
        check(!isOver(it, ready, capacity)) { "$it waits, and $ready are ready after ${it.ended} dials" }
    }

    private fun isOver(warmUp: SimulatedWarmUp, ready: Int, capacity: Int) =
        ready >= minOf(warmUp.target, capacity) || warmUp.ended >= warmUp.needed
}
