package dev.wspool.internal

import dev.wspool.ConnectionId
import dev.wspool.Lease
import dev.wspool.NewConnection
import dev.wspool.internal.accept.randomHex

/** The lease of `onConnect`: the machine knows of the connection only after it, so its end is no return. */
internal class NewLease(connection: PooledConnection) :
    RealLease(connection, use = 0),
    NewConnection {
    override fun identify(id: ConnectionId) {
        checkOpen()
        connection.id = id
    }

    /** By an id that no other connection of the pool has. */
    fun identifyAtRandom(digits: Int) {
        checkOpen()
        connection.pool.mailbox.ask {
            do {
                val id = ConnectionId(randomHex(digits))
                val isTaken = connection.pool.machine.roster.slots.any { it.id == id }
                if (!isTaken) connection.id = id
            } while (isTaken)
        }
    }

    override fun detach(): Lease = throw UnsupportedOperationException("A connection cannot be detached before it is in the pool")

    override fun giveBack() = Unit
}
