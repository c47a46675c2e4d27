package dev.wspool.transport

import dev.wspool.ConnectFailedException
import dev.wspool.Endpoint

/**
 * Opens WebSocket connections for a pool: what an engine provides.
 *
 * A connector is shared by all dials of its pool and is called concurrently.
 */
public interface Connector : AutoCloseable {
    /**
     * Opens one connection: TCP, TLS and the WebSocket handshake. From then on its reader tells [listener] what arrives,
     * and may do so before this function has returned.
     *
     * An endpoint with an [Endpoint.ipAddress] is connected to there, under the name of its host. A connector that cannot do that throws
     * a permanent [ConnectFailedException].
     *
     * The pool bounds the call by its `connectTimeout`. A cancelled call leaves no socket behind: either it returns the
     * connection all the same, or it has closed whatever it had opened.
     *
     * @throws ConnectFailedException where the connector can tell why; any other exception counts as a failure that heals.
     */
    public suspend fun connect(endpoint: Endpoint, listener: ConnectionListener): Connection

    /**
     * Frees what the connector itself holds, such as a client of its own; connections are ended one by one before.
     * The pool calls it once, after its last connection is closed, and only for a connector that it made itself.
     */
    override fun close() {}
}
