package dev.wspool.internal

import dev.wspool.internal.machine.NEVER
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.coroutines.cancellation.CancellationException
import kotlin.time.Duration.Companion.nanoseconds

/**
 * The pool's sense of time: one coroutine that sleeps until the machine next wants a tick, and for ever if it wants none.
 *
 * It is also how the pool learns of its parent's cancellation: then it closes the pool, and goes on ticking until the last
 * connection is closed or given up.
 */
internal class Reaper(private val pool: Ticking) {
    private val wakes = Channel<Unit>(Channel.CONFLATED)

    /** Makes it ask the machine again. The wake carries no time: what is asked later is answered better. */
    fun wake() {
        wakes.trySend(Unit)
    }

    /** Undispatched: a pool that has nothing to wait for starts without a thread of its dispatcher. */
    fun start() {
        pool.scope.launch(start = CoroutineStart.UNDISPATCHED) {
            try {
                watch()
            } catch (failure: Throwable) {
                if (failure is CancellationException) throw failure
                pool.mailbox.post { throw failure } // the clock's, and as bad as that of any turn
            } finally {
                if (!pool.hasEnded) {
                    withContext(NonCancellable) {
                        pool.close()
                        watch()
                    }
                }
            }
        }
    }

    private suspend fun watch() {
        pool.tick() // whatever the pool is to hold from the start
        while (!pool.hasEnded) {
            val now = pool.now()
            val next = pool.nextTick(now)
            if (next > now) sleepUntil(next, now) else pool.tick()
        }
    }

    private suspend fun sleepUntil(next: Long, now: Long) {
        if (next == NEVER) return wakes.receive()
        withTimeoutOrNull((next - now).nanoseconds) { wakes.receive() }
    }
}
