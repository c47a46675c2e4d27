package dev.wspool

import dev.wspool.internal.accept.RealAcceptedPool
import dev.wspool.transport.Acceptance
import kotlin.time.Duration

/**
 * Lends WebSocket connections that clients have opened: they connect and wait, and the server borrows them. The same pool, with the same
 * words and promises, as one that dials; only where its connections come from differs.
 *
 * ```kotlin
 * val workers = AcceptedPool { maxConnections = 100 }
 * routing { webSocketPool("/workers", workers) }      // of wspool-ktor
 * val answer = workers.withConnection { send("job 7"); receiveText() }
 * ```
 *
 * It never dials: who borrows while nothing is idle waits until a connection comes back, or a client comes. Each connection has a random
 * id of 32 hex digits, unless `onConnect` gives it another ([IdHandshake]). A borrow with an [AffinityKey] is for a connection of that
 * owner, named when it was let in ([admit]), and for no other; with an id for that very connection.
 *
 * While it drains no client is let in, and who waits is refused when nothing is left that could come back.
 */
public interface AcceptedPool : WebSocketPool {
    /**
     * Keeps a place for a client whose handshake goes on: for those who accept connections, as wspool-ktor does. Never suspends.
     *
     * The place is answered, with [Acceptance.opened] or [Acceptance.failed], or given up after `connectTimeout`.
     *
     * @param owner whose the connection is, for those who borrow by this key; null where it is nobody's.
     * @return null where the pool is full, drains, or is closed.
     */
    public fun admit(owner: AffinityKey? = null): Acceptance?

    /**
     * Sends [message] to all connections, idle and leased, between the messages of who has them. Returns when each engine has taken it
     * or has made it wait, as a client reads too slowly; [slowReaders] says what becomes of such a client, whom nobody waits for.
     *
     * @param filter tells who gets it; null for all. It must not block.
     */
    public fun broadcast(
        message: Message,
        slowReaders: SlowReaders = SlowReaders.Drop(),
        filter: ((AcceptedConnection) -> Boolean)? = null,
    ): BroadcastReport
}

/** As [AcceptedPool.broadcast] of a text message to all. */
public fun AcceptedPool.broadcast(text: String, filter: ((AcceptedConnection) -> Boolean)? = null): BroadcastReport =
    broadcast(Message.Text(text), filter = filter)

/** Borrows a connection of the owner whose key this is, and waits until one is free, or comes. */
public suspend fun AcceptedPool.borrow(owner: AffinityKey, timeout: Duration? = null): Lease =
    borrow(BorrowRequest(timeout, affinity = owner))

/**
 * Makes a pool that clients connect to. Of the settings of [PoolConfig.Builder] some mean what they mean there from the other side:
 *
 * - `maxConnections` (10): how many clients are let in; one more is refused.
 * - `minIdle` (0): how many clients make the pool ready; none is dialled.
 * - `connectTimeout` (10 s): how long a client may take from when it is let in until `onConnect` is done.
 * - `maxIdleTime` and `maxLifetime` (infinite here): a client that is closed for them connects anew.
 * - `unsolicitedMessages` ([UnsolicitedMessages.Keep] here): a client may speak before it is borrowed; with `receiveBuffer` messages
 *   unread it is held back.
 *
 * Those of dialling cannot be set: `adaptiveCapacity`, `maxConcurrentConnects`, `maxConnectsPerSecond`, `backoff`, `beforeConnect`,
 * `onCloseCode`, `network`, `compression`, `proxy`, `tls`.
 *
 * @throws IllegalArgumentException where a setting makes no sense.
 */
public fun AcceptedPool(configure: PoolConfig.Builder.() -> Unit = {}): AcceptedPool = RealAcceptedPool.of(configure)
