package dev.wspool.ktor.soak

import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** What is to happen, in order: from a seed, and the same for the same. Each round has every fault once, in an order by chance. */
internal object Schedule {
    /** @property calm how long all is well before the [fault], which lasts [span]. */
    class Step(val fault: Fault, val calm: Duration, val span: Duration)

    /** At their longest, nine of these and a round of faults are just below a minute. */
    private val CALM = 3_300.milliseconds..3_800.milliseconds

    /** As much as fits into [length], but for the time that a killed server's restart takes. */
    fun of(seed: Long, length: Duration): List<Step> {
        val random = Random(seed)
        val steps = generateSequence { Fault.entries.shuffled(random) }.flatten()
            .map { Step(it, random.within(CALM), random.within(it.span)) }
        var end = 2.seconds // the last fault's aftermath
        return steps.takeWhile { step ->
            end += step.calm + step.span
            end <= length
        }.toList()
    }

    private fun Random.within(range: ClosedRange<Duration>): Duration = range.start + (range.endInclusive - range.start) * nextDouble()
}
