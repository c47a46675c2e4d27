package dev.wspool.internal

import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.launch

/**
 * Sends the pings that the machine wants: one coroutine, which starts them one after the other and waits for none, as a ping
 * may be stuck behind a peer that does not read.
 */
internal class Pinger(private val pool: RealPool) {
    private val silent = Channel<PooledConnection>(Channel.UNLIMITED)

    fun ping(connection: PooledConnection) {
        silent.trySend(connection)
    }

    /** Undispatched: it needs no thread before there is a ping. */
    fun start() {
        pool.foreign.launch(start = CoroutineStart.UNDISPATCHED) {
            for (connection in silent) launch(start = CoroutineStart.UNDISPATCHED) { connection.pings.send() }
        }
    }

    /** The pool has ended. */
    fun stop() {
        silent.close()
    }
}
