package dev.wspool.internal

import dev.wspool.PoolClosedException
import dev.wspool.internal.machine.crash
import kotlinx.coroutines.Job
import java.util.concurrent.atomic.AtomicInteger

/** How a pool ends: when its last socket is closed, but for those that were detached; and why, where a turn has thrown. */
internal class PoolEnd(private val pool: RealPool) {
    private val end = Job()

    /** Connections that were detached and have not ended, and 1 for the pool while it has not. */
    private val connectorUsers = AtomicInteger(1)

    /** What a turn threw, if one did. */
    @Volatile
    private var failure: Throwable? = null

    val hasCome: Boolean get() = end.isCompleted

    suspend fun await() = end.join()

    fun exception(): PoolClosedException = failure.let { cause ->
        val why = if (cause == null) "is closed" else "has failed and is closed; this is a bug in wspool: $cause"
        PoolClosedException("The pool for ${pool.name} $why", cause)
    }

    /** A turn has thrown. Nothing that the machine holds is sure any more: all of it ends. */
    fun crash(cause: Throwable) {
        failure = failure ?: cause
        try {
            pool.machine.crash()
        } catch (second: Throwable) {
            cause.addSuppressed(second)
        }
        pool.effects.later { log.error("{}: a turn failed, the pool is closed", pool.name, cause) }
    }

    /** The last socket is closed, but for those that were detached. */
    fun come() {
        try {
            detachedEnded()
        } finally {
            end.complete()
            pool.pinger.stop()
            pool.unsolicited.stop()
            pool.network?.stop()
            pool.watch?.stop()
            pool.reaper.wake()
        }
    }

    /** In a turn: a connection leaves the pool, and goes on. */
    fun detached() {
        connectorUsers.incrementAndGet()
    }

    /** One that was detached, or the pool, has ended. */
    fun detachedEnded() {
        if (connectorUsers.decrementAndGet() == 0) pool.dispose()
    }
}
