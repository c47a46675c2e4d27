package dev.wspool.internal.accept

import dev.wspool.ConnectionId
import dev.wspool.internal.PooledConnection
import dev.wspool.transport.Acceptance
import dev.wspool.transport.Connection
import dev.wspool.transport.ConnectionListener
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlin.coroutines.cancellation.CancellationException

/** The handshake of [connection]. Whoever comes second, the connection or the end of its time, finds that the other has come. */
internal class RealAcceptance(private val connection: PooledConnection) : Acceptance {
    private val outcome = CompletableDeferred<Connection>()

    override val id: ConnectionId get() = connection.id
    override val listener: ConnectionListener get() = connection

    override fun opened(connection: Connection) {
        if (!outcome.complete(connection)) connection.abort()
    }

    override fun failed(cause: Throwable) {
        outcome.completeExceptionally(cause)
    }

    @OptIn(ExperimentalCoroutinesApi::class)
    suspend fun await(): Connection = try {
        outcome.await()
    } catch (cancelled: CancellationException) {
        if (outcome.completeExceptionally(cancelled)) throw cancelled
        outcome.getCompleted() // it has come meanwhile, and must not be lost
    }
}
