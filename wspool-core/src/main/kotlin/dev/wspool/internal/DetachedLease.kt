package dev.wspool.internal

import dev.wspool.CloseInfo
import dev.wspool.Lease
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.coroutines.cancellation.CancellationException
import kotlin.time.Duration.Companion.nanoseconds

/**
 * A connection that the pool has given away: its lease ends only when its owner says so, or the connection does. A guard
 * under the pool's job waits for that and closes it, so that the job, and with it the reader, outlive the pool till then.
 */
internal class DetachedLease(connection: PooledConnection, use: Int) : RealLease(connection, use) {
    private val over = Job() // the owner is done with it, or it has ended
    private val ended = Job()

    init {
        if (!connection.giveTo(this)) connectionEnded()
        guard()
    }

    override fun giveBack() {
        over.complete()
    }

    override fun detach(): Lease {
        checkOpen()
        return this
    }

    fun connectionEnded() {
        ended.complete()
        over.complete()
    }

    @OptIn(DelicateCoroutinesApi::class)
    private fun guard() {
        val pool = connection.pool
        val engine = connection.connection
        // Atomic: in a scope that is being cancelled it still aborts.
        pool.foreign.launch(start = CoroutineStart.ATOMIC) {
            try {
                over.join()
                withTimeoutOrNull(pool.machine.limits.closeTimeout.nanoseconds) {
                    engine.close(CloseInfo.NORMAL, "")
                    ended.join()
                }
            } catch (failure: Throwable) {
                if (failure is CancellationException) throw failure
                log.debug("{}: {} did not close: {}", pool.name, id, connection.redact(failure.toString()))
            } finally {
                try {
                    engine.abort()
                } finally {
                    pool.end.detachedEnded()
                }
            }
        }
    }
}
