package dev.wspool

import java.net.SocketAddress

/** A client's connection, for who chooses among them: see [AcceptedPool.broadcast]. */
public interface AcceptedConnection {
    /** Its name; as [Lease.id]. */
    public val id: ConnectionId

    /** The key of whose it is, or null. */
    public val owner: Any?

    /** What its users remember of it; as [Lease.attributes]. */
    public val attributes: MutableMap<String, Any>

    /** What the client has sent with its upgrade; as [Lease.handshake]. */
    public val handshake: Handshake

    /** The address of the client, or null where the engine does not tell. */
    public val remoteAddress: SocketAddress?
}
