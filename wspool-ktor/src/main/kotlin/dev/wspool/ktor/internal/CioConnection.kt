package dev.wspool.ktor.internal

import dev.wspool.Endpoint
import dev.wspool.Handshake
import dev.wspool.Message
import dev.wspool.transport.Capability
import dev.wspool.transport.ConnectionListener
import io.ktor.client.plugins.websocket.ClientWebSocketSession
import io.ktor.websocket.Frame
import kotlinx.coroutines.Job

/**
 * A raw session on CIO.
 *
 * [Capability.HardAbort] is not declared: with more unsent bytes than the kernel takes, CIO keeps the socket after an abort
 * until the peer reads on or is gone, and cancelling harder changes nothing.
 */
internal class CioConnection(endpoint: Endpoint, private val session: ClientWebSocketSession, handshake: Handshake, life: Job) :
    SessionConnection(endpoint, handshake, life) {
    private val writer = FrameWriter(session, ::abort)

    override val capabilities: Set<Capability> get() = CAPABILITIES

    override suspend fun write(message: Message): Unit = writer.send(message)

    override suspend fun write(close: Frame.Close): Unit = writer.close(close)

    override suspend fun writeSoon(close: Frame.Close): Unit = writer.closeSoon(close)

    override suspend fun ping(payload: ByteArray) {
        require(payload.size <= MAX_CONTROL_PAYLOAD) { "A ping holds at most $MAX_CONTROL_PAYLOAD bytes, not ${payload.size}" }
        writing { writer.ping(payload) }
    }

    override suspend fun receive(listener: ConnectionListener, maxMessageSize: Int) {
        val messages = MessageAssembler(maxMessageSize)
        for (frame in session.incoming) {
            when (val event = messages.read(frame)) {
                is FrameEvent.Whole -> if (ownClose == null && !listener.onMessage(event.message)) gate.pass()
                is FrameEvent.Ping -> writer.pong(event.payload)
                is FrameEvent.Pong -> listener.onPong(event.payload)
                is FrameEvent.Close -> return closedByPeer(event)
                null -> Unit
            }
        }
    }

    private suspend fun closedByPeer(close: FrameEvent.Close) {
        end = close.info
        if (ownClose == null) writer.closeSoon(close.reply)
    }

    private companion object {
        val CAPABILITIES = setOf(Capability.Ping, Capability.Backpressure, Capability.MessageBound, Capability.Utf8Check)
    }
}
