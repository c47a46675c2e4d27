package dev.wspool.samples.dashboard

import dev.wspool.Lease
import dev.wspool.PoolClosedException
import dev.wspool.PoolException
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import java.util.concurrent.atomic.AtomicLong
import kotlin.random.Random
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** Callers of the pool, each of which borrows, asks, waits for the reply, gives back and pauses, again and again. */
class Load(private val keeper: PoolKeeper, private val status: Status, private val scope: CoroutineScope) {
    private val running = HashSet<Int>()

    /** How long borrows took; what failed counts as well. */
    val latency = Latency()

    /** How many requests have had their reply. */
    val replies = AtomicLong()

    /** How many borrows or requests have failed. */
    val failures = AtomicLong()

    /** What the last caller who failed was told. */
    @Volatile
    var lastFailure: String? = null
        private set

    /** How many callers there are. */
    @Volatile
    var size = 0
        private set

    /** Callers that are too many end their request first: a load that shrinks spoils no connection. */
    @Synchronized
    fun resize(callers: Int) {
        size = callers
        for (number in 0 until callers) if (running.add(number)) scope.launch(CoroutineName("caller $number")) { call(number) }
    }

    @Synchronized
    private fun isWanted(number: Int): Boolean {
        if (number >= size) running -= number
        return number < size
    }

    private suspend fun call(number: Int) {
        while (isWanted(number)) {
            val pool = keeper.pool
            try {
                val start = TimeSource.Monotonic.markNow()
                val lease = try {
                    pool.borrow()
                } finally {
                    latency.record(start.elapsedNow())
                }
                lease.use { ask(it) }
                replies.incrementAndGet()
                delay(PAUSE.milliseconds())
            } catch (_: PoolClosedException) {
                keeper.awaitNext(pool)
            } catch (failure: PoolException) {
                lastFailure = failure.message
                failures.incrementAndGet()
                delay(PAUSE_AFTER_FAILURE.milliseconds())
            }
        }
    }

    /** A reply that does not come makes the lease dirty, as it may come to the next one. */
    private suspend fun ask(lease: Lease) {
        val asked = TimeSource.Monotonic.markNow()
        lease.send("What is the price?")
        lease.receiveText(PATIENCE)
        status.roundTrip(lease, asked.elapsedNow())
    }

    companion object {
        const val MOST = 64
        private val PATIENCE = 10.seconds // longer than pings take to find out that a connection is dead
        private val PAUSE = 10..40
        private val PAUSE_AFTER_FAILURE = 100..300

        private fun IntRange.milliseconds() = Random.nextInt(first, last + 1).milliseconds
    }
}
