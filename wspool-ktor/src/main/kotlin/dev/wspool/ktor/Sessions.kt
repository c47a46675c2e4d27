package dev.wspool.ktor

import dev.wspool.BorrowRequest
import dev.wspool.Lease
import dev.wspool.PoolConfig
import dev.wspool.WebSocketPool
import dev.wspool.withConnection
import io.ktor.serialization.WebsocketContentConverter
import kotlinx.coroutines.cancelChildren
import kotlinx.coroutines.coroutineScope

/**
 * Borrows a connection and runs [block] with it as Ktor's session, so that what was written for `client.webSocket(url) { … }` needs one
 * other line. As [withConnection], with what it throws: a block that throws or is cancelled, or a frame that nobody has taken from
 * `incoming`, makes the connection dirty, and what is kept of the session throws [dev.wspool.LeaseReleasedException].
 *
 * @param converter what `sendSerialized` and `receiveDeserialized` use.
 * @param request what the connection is to be; null for any, within the pool's `borrowTimeout`.
 * @throws UnsupportedOperationException where the pool's leases are not connections of their own.
 */
public suspend fun <T> WebSocketPool.withSession(
    converter: WebsocketContentConverter? = null,
    request: BorrowRequest? = null,
    block: suspend LeaseSession.() -> T,
): T {
    var session: LeaseSession? = null
    val play: suspend Lease.() -> T = { play(this, config, converter, { session = it }, block) }
    try {
        return if (request == null) withConnection { play() } else withConnection(request) { play() }
    } finally {
        session?.released()
    }
}

/** Gives [block] a session of the [lease], which it leaves as the block does. */
private suspend fun <T> play(
    lease: Lease,
    config: PoolConfig,
    converter: WebsocketContentConverter?,
    begun: (LeaseSession) -> Unit,
    block: suspend LeaseSession.() -> T,
): T {
    var session: LeaseSession? = null
    try {
        return coroutineScope {
            val own = LeaseSession(lease, config, converter, this)
            session = own
            begun(own)
            own.block().also {
                own.finish()
                coroutineContext.cancelChildren() // as Ktor's session does with what was launched in it
            }
        }
    } finally {
        session?.leave()
    }
}
