package dev.wspool.transport

import dev.wspool.CloseInfo
import dev.wspool.Message
import kotlinx.coroutines.CoroutineScope
import kotlin.time.Duration

/**
 * Where a connection's reader tells what arrives: in order, one call at a time, on whatever thread it reads.
 *
 * The calls return quickly, never suspend and never throw. Whoever they wake runs on his own dispatcher; only one who has
 * none, or `Dispatchers.Unconfined`, runs within the call.
 */
public interface ConnectionListener {
    /**
     * Parent of whatever coroutine the connector needs to keep this connection going. It ends with the pool; a coroutine
     * in it ends, at the latest, with its connection.
     */
    public val scope: CoroutineScope

    /** How long the connect may take. The pool sees to that by cancelling it; an engine may divide it among its phases. */
    public val connectTimeout: Duration

    /** The connect has come to [phase], so that an error can say how far. An engine that cannot tell leaves it out. */
    public fun onPhase(phase: ConnectPhase)

    /**
     * A whole message has arrived.
     *
     * @return false to stop reading until [Connection.resumeReading]; at most one more message may follow.
     */
    public fun onMessage(message: Message): Boolean

    /** A pong has arrived. */
    public fun onPong(payload: ByteArray)

    /**
     * The connection has ended and its socket is closed. Called exactly once and last, also after [Connection.abort]. An
     * engine that cannot tell whether the socket of an aborted connection is closed calls it when it can, if ever: the pool
     * counts the connection as abandoned after `abortTimeout`.
     *
     * @param info the code and reason of the Close frame, or 1006 where none came (RFC 6455, 7.1.5).
     * @param cause what broke the connection, where something did.
     */
    public fun onClosed(info: CloseInfo, cause: Throwable?)
}
