package dev.wspool.internal.java

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import java.util.concurrent.atomic.AtomicLong

/** Where a [Listening] tells: one call at a time, on the pool's executor. */
internal interface Sink<in T> {
    fun next(value: T)

    /** The last call, but not after a cancellation. */
    fun end(failure: Throwable?)
}

/**
 * Hands the values of a [flow] to a [sink] as it asks for them. The next is not even collected before it is asked for, so that a
 * message which nobody wants stays on its connection.
 *
 * @property report told of what the sink throws, which ends the listening.
 */
internal class Listening<T>(
    private val flow: Flow<T>,
    private val outside: CoroutineDispatcher,
    private val sink: Sink<T>,
    private val report: (Throwable) -> Unit,
) {
    private val job = Job() // the listener's own
    private val demand = AtomicLong()
    private val asked = Channel<Unit>(Channel.CONFLATED)

    @Volatile
    private var mistake: Throwable? = null

    @Volatile
    private var collecting: Job? = null

    fun start() {
        CoroutineScope(job + outside).launch {
            val failure = try {
                collect()
                null
            } catch (failure: Throwable) {
                ensureActive()
                mistake ?: failure
            }
            tell { sink.end(failure) }
            job.complete()
        }
    }

    private suspend fun collect() = coroutineScope {
        collecting = coroutineContext.job
        awaitDemand()
        flow.collect {
            tell { sink.next(it) }
            ensureActive()
            awaitDemand()
        }
    }

    /** Asks for [count] values more; the greatest number is for all. */
    fun request(count: Long) {
        demand.getAndUpdate { if (it + count < 0) Long.MAX_VALUE else it + count }
        asked.trySend(Unit)
    }

    /** The listener has made a [mistake]: it ends the listening in the place of the next value, for which it does not wait. */
    fun fail(mistake: Throwable) {
        this.mistake = mistake
        asked.trySend(Unit)
        collecting?.cancel()
    }

    /** Nothing is told any more, but for what is being told now. */
    fun cancel() = job.cancel()

    private suspend fun awaitDemand() {
        while (true) {
            mistake?.let { throw it }
            val wanted = demand.get()
            if (wanted == Long.MAX_VALUE) return
            if (wanted == 0L) {
                asked.receive()
            } else if (demand.compareAndSet(wanted, wanted - 1)) {
                return
            }
        }
    }

    private inline fun tell(what: () -> Unit) {
        try {
            what()
        } catch (failure: Throwable) {
            job.cancel()
            report(failure)
        }
    }
}
