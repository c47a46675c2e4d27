package dev.wspool.samples.benchmarks.fleet

import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Five servers, of which one gets into trouble, and callers who want any of them. */
internal class Fleet(lender: String) : AutoCloseable {
    private val sites = List(SIZE) { Site() }
    private val lender = FleetLender.of(lender, sites.map { it.endpoint })
    private val callers = Callers(this.lender)
    private val first get() = sites.first()
    private var answersBefore = listOf<Long>()

    val millis: DoubleArray get() = callers.millis
    val failed: Int get() = callers.failed

    /** How much of what was answered the first server has. */
    val shareOfFirst: Double
        get() = sites.zip(answersBefore) { site, before -> site.answers.sum() - before }.let { it.first().toDouble() / it.sum() }

    fun warmUp() = callers.call(PER_SECOND, 5.seconds)

    /** The first server does what it does so slowly that it cannot do a fifth of all. */
    fun slowOneDown() {
        first.pause = 200.milliseconds
    }

    fun stopOne() = first.close()

    fun measure() {
        answersBefore = sites.map { it.answers.sum() }
        callers.call(PER_SECOND, 15.seconds)
    }

    override fun close() {
        callers.close()
        lender.close()
        sites.forEach { it.close() }
    }

    private companion object {
        const val SIZE = 5
        const val PER_SECOND = 500
    }
}
