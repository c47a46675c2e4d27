package dev.wspool.internal.machine

import kotlin.random.Random
import kotlin.test.Test
import kotlin.test.fail

/**
 * Many random lives of pools. With `-Dwspool.simulation.steps=N` it goes on for longer; with `-Dwspool.simulation.seed=S` it
 * replays what a failure has named.
 */
class PoolSimulationTest {
    private val steps: Int? = Integer.getInteger("wspool.simulation.steps")
    private val seed: Long? = java.lang.Long.getLong("wspool.simulation.seed")

    @Test
    fun poolKeepsItsPromisesWhateverHappens() = live(firstSeed = seed ?: 1, atLeast = steps ?: if (seed == null) 3_000_000 else 1)

    @Test
    fun poolKeepsItsPromisesInWaysThatWereNeverTried() {
        if (seed != null) return
        val fresh = Random.nextLong()
        println("Simulation with the fresh seed $fresh")
        live(fresh, atLeast = 500_000)
    }

    private fun live(firstSeed: Long, atLeast: Int) {
        var next = firstSeed
        var steps = 0
        while (steps < atLeast) {
            val simulation = PoolSimulation(next)
            try {
                simulation.run()
            } catch (failure: Throwable) {
                report(next, simulation.steps, failure)
            }
            steps += simulation.steps
            next++
        }
    }

    private fun report(seed: Long, step: Int, failure: Throwable): Nothing {
        val trace = Trace()
        runCatching { PoolSimulation(seed, trace).run() }
        fail("Seed $seed, step $step: ${failure.message ?: failure}\nReplay: -Dwspool.simulation.seed=$seed\n$trace", failure)
    }
}
