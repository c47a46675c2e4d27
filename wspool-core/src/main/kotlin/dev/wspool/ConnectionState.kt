package dev.wspool

import java.net.SocketAddress
import java.util.concurrent.atomic.AtomicInteger

/** Whether a [ReconnectingWebSocket] has a connection. Each change is another object, also where it says the same. */
public sealed class ConnectionState {
    /**
     * Messages go out and come in.
     *
     * @property id names the connection.
     * @property handshake what the server answered.
     * @property localAddress the address of this end, or null where the engine does not tell.
     * @property remoteAddress the address of the peer, or null where the engine does not tell.
     */
    public class Connected internal constructor(internal val lease: Lease) : ConnectionState() {
        public val id: ConnectionId = lease.id
        public val handshake: Handshake = lease.handshake
        public val localAddress: SocketAddress? = lease.localAddress
        public val remoteAddress: SocketAddress? = lease.remoteAddress

        /** How many messages were sent and have had none in return: its end leaves who sent them without a reply. */
        private val unanswered = AtomicInteger()

        internal val isUnanswered: Boolean get() = unanswered.get() > 0

        /** Counted before it is sent, as its reply may be received before [send] returns; not where [send] itself tells of a failure. */
        internal inline fun asking(send: () -> Unit) {
            unanswered.incrementAndGet()
            try {
                send()
            } catch (failure: Throwable) {
                answered()
                throw failure
            }
        }

        /** A message was received; it may be one that nobody has asked for. */
        internal fun answered() {
            unanswered.updateAndGet { if (it > 0) it - 1 else 0 }
        }

        override fun toString(): String = "Connected($id)"
    }

    /**
     * None is there; one is being opened, or will be as soon as it may.
     *
     * @property cause how the last was lost, or why none can be had that way, as where the server refuses the credentials; null in
     * the beginning.
     */
    public class Disconnected internal constructor(public val cause: PoolException?, internal val isRefused: Boolean) : ConnectionState() {
        override fun toString(): String = "Disconnected(${cause?.message ?: "not connected yet"})"
    }

    /** It is closed, and there will be none any more. */
    public class Closed internal constructor() : ConnectionState() {
        override fun toString(): String = "Closed"
    }
}
