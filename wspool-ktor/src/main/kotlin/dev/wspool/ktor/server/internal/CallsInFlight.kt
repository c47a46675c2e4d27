package dev.wspool.ktor.server.internal

import kotlinx.coroutines.CompletableJob
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.update
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger

/**
 * Counts the calls that are being answered: those that began before the application stops, for which it waits, and apart from them the
 * late ones, which on connections that are kept alive may never cease.
 */
internal class CallsInFlight {
    /** Twice the number of calls in time, and one more once the application stops: one word, so that no call slips in between. */
    private val state = AtomicInteger()
    private val ended: CompletableJob = Job()
    private val late = MutableStateFlow(0)

    val isStopping: Boolean get() = state.get() and STOPPING != 0

    fun enter(): Call {
        while (true) {
            val before = state.get()
            if (before and STOPPING != 0) {
                late.update { it + 1 }
                return Call(isLate = true)
            }
            if (state.compareAndSet(before, before + ONE)) return Call(isLate = false)
        }
    }

    /** From now on calls are late. Waits for those that are not. Cancelled, it leaves it at that. */
    suspend fun stopAndAwait() {
        if (state.getAndUpdate { it or STOPPING } < ONE) ended.complete()
        ended.join()
    }

    /** Waits for a moment without a late call. */
    suspend fun awaitLate() {
        late.first { it == 0 }
    }

    /** Ends once, by its answer or by its upgrade to a session that may last for days. */
    inner class Call(private val isLate: Boolean) {
        private val hasEnded = AtomicBoolean()

        fun exit() {
            if (!hasEnded.compareAndSet(false, true)) return
            if (isLate) {
                late.update { it - 1 }
            } else if (state.addAndGet(-ONE) == STOPPING) {
                ended.complete()
            }
        }
    }

    private companion object {
        const val STOPPING = 1
        const val ONE = 2
    }
}
