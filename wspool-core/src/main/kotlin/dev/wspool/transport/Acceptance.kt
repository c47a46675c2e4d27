package dev.wspool.transport

import dev.wspool.ConnectionId

/**
 * A place in an [AcceptedPool][dev.wspool.AcceptedPool] that is kept for a client while its handshake goes on. Ends with the first of [opened]
 * and [failed], or with the pool's `connectTimeout`; all its functions may be called from any thread.
 */
public interface Acceptance {
    /** What the connection is called; `onConnect` may change it. */
    public val id: ConnectionId

    /** Where the connection's reader tells what arrives, from the first message on. */
    public val listener: ConnectionListener

    /**
     * The handshake is done: the connection is the pool's, which runs `onConnect` and then lends it. Where the place was given up meanwhile
     * it is aborted.
     */
    public fun opened(connection: Connection)

    /** The handshake came to nothing: the place is free. */
    public fun failed(cause: Throwable)
}
