package dev.wspool.ktor.engine.link

import dev.wspool.CloseInfo
import dev.wspool.ConnectionLostException
import dev.wspool.Endpoint
import dev.wspool.Handshake
import dev.wspool.Message
import dev.wspool.ktor.engine.loop.NioSocket
import dev.wspool.ktor.internal.FrameSettings
import dev.wspool.ktor.internal.MAX_CONTROL_PAYLOAD
import dev.wspool.ktor.internal.closePayload
import dev.wspool.transport.Capability
import dev.wspool.transport.Connection
import dev.wspool.transport.ConnectionListener
import dev.wspool.transport.PerMessageDeflate
import java.net.SocketAddress

/** An open connection of a pool, on the engine's own socket. */
internal class Link(
    private val endpoint: Endpoint,
    override val handshake: Handshake,
    private val socket: NioSocket,
    listener: ConnectionListener,
    frames: FrameSettings,
    deflate: PerMessageDeflate?,
) : Connection {
    private val writer = LinkWriter(socket, frames.maxBytesInFlight, deflate)
    private val reader = LinkReader(endpoint, socket, writer, listener, frames, deflate)

    override val capabilities: Set<Capability> get() = CAPABILITIES
    override val localAddress: SocketAddress? get() = socket.localAddress
    override val remoteAddress: SocketAddress? get() = socket.remoteAddress

    /** Reads from now on, what came with the handshake first. */
    fun start(firstBytes: ByteArray) = reader.start(firstBytes)

    override suspend fun send(message: Message) {
        if (reader.hasEnded || !writer.send(message)) throw lost()
    }

    override suspend fun ping(payload: ByteArray) {
        require(payload.size <= MAX_CONTROL_PAYLOAD) { "A ping holds at most $MAX_CONTROL_PAYLOAD bytes, not ${payload.size}" }
        if (reader.hasEnded || !writer.ping(payload)) throw lost()
    }

    /** Where a writer has failed the reader knows why, as soon as it is through: a Close may be among what it has still to read. */
    private suspend fun lost(): ConnectionLostException {
        if (!reader.hasEnded) socket.awaitRelease()
        return reader.lost()
    }

    override suspend fun close(code: Int, reason: String) {
        val payload = closePayload(code, reason)
        if (!reader.beginClosing(CloseInfo(code, reason))) return
        if (writer.close(payload)) writer.flush()
    }

    override fun abort(): Unit = socket.abort()

    override fun resumeReading(): Unit = socket.resumeReading()

    private companion object {
        val CAPABILITIES = Capability.values().toSet()
    }
}
