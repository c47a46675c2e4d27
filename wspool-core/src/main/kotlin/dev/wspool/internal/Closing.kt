package dev.wspool.internal

import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import kotlin.coroutines.cancellation.CancellationException

/** The closing handshake of one connection, from this end; where it fails, also because it is called off, an abort. */
internal class Closing(private val target: PooledConnection) {
    private var job: Job? = null
    private var isCalledOff = false // effects may run in any order: a close that starts after the abort ends at once

    /** Atomic: where the pool's scope is being cancelled, it aborts. */
    @OptIn(DelicateCoroutinesApi::class)
    fun start(code: Int) {
        val started = target.scope.launch(start = CoroutineStart.ATOMIC) { run(code) }
        val isLate = synchronized(this) {
            job = started
            isCalledOff
        }
        if (isLate) started.cancel()
    }

    /** The connection has ended, or is about to by force. */
    fun callOff() {
        val started = synchronized(this) {
            isCalledOff = true
            job
        }
        started?.cancel()
    }

    private suspend fun run(code: Int) {
        val connection = target.connection
        try {
            connection.resumeReading() // the peer's Close may be behind what nobody will read
            connection.close(code, "")
        } catch (failure: Throwable) {
            connection.abort()
            if (failure is CancellationException) throw failure
            log.debug("{}: {} did not close: {}", target.pool.name, target.id, target.redact(failure.toString()))
        }
    }
}
