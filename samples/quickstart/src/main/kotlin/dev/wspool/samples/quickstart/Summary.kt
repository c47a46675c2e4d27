package dev.wspool.samples.quickstart

import dev.wspool.ConnectionId
import org.HdrHistogram.Histogram
import kotlin.time.Duration
import kotlin.time.Duration.Companion.nanoseconds
import kotlin.time.DurationUnit
import kotlin.time.TimeSource

/** What came of the lines so far. */
class Summary {
    private val start = TimeSource.Monotonic.markNow()
    private val times = Histogram(SIGNIFICANT_DIGITS)
    private val connections = LinkedHashMap<ConnectionId, Long>()

    @Volatile
    var sent = 0L
        private set

    @Volatile
    var failed = 0L
        private set

    /** How long it has taken until the last answer. */
    var time = Duration.ZERO
        private set

    /** Replies of connections that have no entry in [repliesByConnection]. */
    var repliesOfOthers = 0L
        private set

    val lines: Long get() = sent + failed
    val repliesPerSecond: Double get() = if (sent == 0L) 0.0 else sent / time.toDouble(DurationUnit.SECONDS)

    /** Of the first connections alone: a server that closes each after one reply must not fill the memory. */
    val repliesByConnection: Map<ConnectionId, Long> get() = connections

    fun add(answer: Answer) {
        when (answer) {
            is Failure -> failed++
            is Reply -> {
                sent++
                times.recordValue(answer.time.inWholeNanoseconds)
                if (answer.connection in connections || connections.size < CONNECTIONS) {
                    connections.merge(answer.connection, 1, Long::plus)
                } else {
                    repliesOfOthers++
                }
            }
        }
        time = start.elapsedNow()
    }

    /** The time within which [percent] of the replies came; 100 is the longest. */
    fun latency(percent: Double): Duration = times.getValueAtPercentile(percent).nanoseconds

    private companion object {
        const val SIGNIFICANT_DIGITS = 3
        const val CONNECTIONS = 32
    }
}
