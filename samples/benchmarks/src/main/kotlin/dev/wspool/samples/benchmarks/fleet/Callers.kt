package dev.wspool.samples.benchmarks.fleet

import dev.wspool.PoolException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.Executors
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes

/**
 * Callers who come at a fixed rate, whether the ones before are served or not, so that who has to wait is not left out. What a call took is
 * counted from the moment at which it was due.
 */
internal class Callers(private val lender: FleetLender) : AutoCloseable {
    private val threads = Executors.newFixedThreadPool(2)
    private val times = ConcurrentLinkedQueue<Double>()
    private val failures = AtomicInteger()

    /** What each call took that was answered, in milliseconds. */
    val millis: DoubleArray get() = times.toDoubleArray()

    /** Calls that failed. */
    val failed: Int get() = failures.get()

    fun call(perSecond: Int, span: Duration) {
        times.clear()
        failures.set(0)
        runBlocking(threads.asCoroutineDispatcher()) { withTimeout(PATIENCE + span) { coroutineScope { come(perSecond, span) } } }
    }

    private suspend fun CoroutineScope.come(perSecond: Int, span: Duration) {
        val begin = System.nanoTime()
        val all = perSecond * span.inWholeSeconds
        for (number in 0 until all) {
            val due = begin + number * NANOS_PER_SECOND / perSecond
            while (System.nanoTime() < due) delay(1.milliseconds)
            launch { call(due) }
        }
    }

    private suspend fun call(due: Long) {
        try {
            lender.ask()
            times += (System.nanoTime() - due) / NANOS_PER_MILLI
        } catch (_: PoolException) {
            failures.incrementAndGet()
        }
    }

    override fun close() = threads.shutdown()

    private companion object {
        val PATIENCE = 1.minutes
        const val NANOS_PER_SECOND = 1_000_000_000L
        const val NANOS_PER_MILLI = 1e6
    }
}
