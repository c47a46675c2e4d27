package dev.wspool.internal

import dev.wspool.ConnectionId
import dev.wspool.Lease
import dev.wspool.NewConnection

/** The lease of `onConnect`: the machine knows of the connection only after it, so its end is no return. */
internal class NewLease(connection: PooledConnection) :
    RealLease(connection, use = 0),
    NewConnection {
    override fun identify(id: ConnectionId) {
        checkOpen()
        connection.id = id
    }

    override fun detach(): Lease = throw UnsupportedOperationException("A connection cannot be detached before it is in the pool")

    override fun giveBack() = Unit
}
