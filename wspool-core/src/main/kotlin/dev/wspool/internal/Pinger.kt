package dev.wspool.internal

import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.launch

/**
 * Sends the pings that the machine wants: one coroutine, which starts them one after the other and waits for none, as a ping
 * may be stuck behind a peer that does not read.
 */
internal class Pinger(private val pool: RealPool) {
    private class Wish(val connection: PooledConnection, val isCheck: Boolean)

    private val wishes = Channel<Wish>(Channel.UNLIMITED)

    fun ping(connection: PooledConnection, isCheck: Boolean) {
        wishes.trySend(Wish(connection, isCheck))
    }

    /** Undispatched: it needs no thread before there is a ping. */
    fun start() {
        pool.foreign.launch(start = CoroutineStart.UNDISPATCHED) {
            for (wish in wishes) launch(start = CoroutineStart.UNDISPATCHED) { wish.connection.pings.send(wish.isCheck) }
        }
    }

    /** The pool has ended. */
    fun stop() {
        wishes.close()
    }
}
