package dev.wspool.transport

import dev.wspool.ConnectionLostException
import dev.wspool.Handshake
import dev.wspool.Message
import dev.wspool.MessageTooBigException
import java.net.SocketAddress

/** One open WebSocket connection, as its engine sees it. All functions may be called from any thread. */
public interface Connection {
    /** What this connection can do beyond sending and receiving messages. */
    public val capabilities: Set<Capability>

    /** What the server answered to the upgrade. */
    public val handshake: Handshake

    /** The address of this end, or null where the engine does not tell. */
    public val localAddress: SocketAddress?

    /** The address of the peer, or null where the engine does not tell. */
    public val remoteAddress: SocketAddress?

    /**
     * Sends one message, atomically among concurrent senders. Suspends until the engine has taken it and the bytes in
     * flight are back within the engine's bound. A cancelled send has sent the whole message, none of it, or lost the
     * connection; never a part that the next message would continue.
     *
     * @throws ConnectionLostException where the connection has ended or ends meanwhile.
     * @throws MessageTooBigException where the message is larger than the engine sends.
     */
    public suspend fun send(message: Message)

    /**
     * Sends a ping, ahead of queued messages where the engine can. The pong is told to [ConnectionListener.onPong].
     *
     * @param payload at most 125 bytes (RFC 6455, 5.5).
     * @throws UnsupportedOperationException without [Capability.Ping].
     */
    public suspend fun ping(payload: ByteArray)

    /**
     * Starts the closing handshake (RFC 6455, 7.1.2) and returns when the Close frame is on its way, not when the peer has
     * answered: [ConnectionListener.onClosed] tells that. Harmless on a connection that has ended.
     */
    public suspend fun close(code: Int, reason: String)

    /** Ends the connection at once, without a closing handshake. Plain, idempotent, and never waits. */
    public fun abort()

    /**
     * Goes on reading after [ConnectionListener.onMessage] returned false. It may come before that false has arrived, as the
     * listener may be emptied by another thread meanwhile: then the engine does not stop. Harmless at any other time.
     */
    public fun resumeReading()
}
