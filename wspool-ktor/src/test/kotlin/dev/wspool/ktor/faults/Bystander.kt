package dev.wspool.ktor.faults

import dev.wspool.Endpoint
import dev.wspool.Message
import dev.wspool.test.RecordingListener
import dev.wspool.transport.Connection
import dev.wspool.transport.Connector
import kotlinx.coroutines.cancel
import kotlinx.coroutines.runBlocking

/**
 * A connection of the same connector that nothing happens to. Each message has the connector's selector run once more, which
 * is when CIO lets go of the descriptors of closed sockets.
 */
internal class Bystander(connector: Connector, url: String) : AutoCloseable {
    private val listener = RecordingListener()
    private val connection: Connection = runBlocking { connector.connect(Endpoint(url), listener) }

    fun stir() = runBlocking {
        connection.send(Message.Text("still here"))
        listener.awaitMessage()
    }

    override fun close(): Unit = listener.scope.cancel()
}
