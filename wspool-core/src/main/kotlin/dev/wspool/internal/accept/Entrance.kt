package dev.wspool.internal.accept

import dev.wspool.Endpoint
import dev.wspool.internal.PooledConnection
import dev.wspool.transport.Connection
import dev.wspool.transport.ConnectionListener
import dev.wspool.transport.Connector

/** Where a pool that accepts gets its connections: what would be a dial waits for who was let in. */
internal object Entrance : Connector {
    override suspend fun connect(endpoint: Endpoint, listener: ConnectionListener): Connection =
        checkNotNull((listener as PooledConnection).acceptance) { "A pool that accepts does not dial" }.await()
}
