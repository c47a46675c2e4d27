package dev.wspool.samples.benchmarks.scale

import dev.wspool.CloseInfo
import dev.wspool.Endpoint
import dev.wspool.Handshake
import dev.wspool.Message
import dev.wspool.transport.Capability
import dev.wspool.transport.Connection
import dev.wspool.transport.ConnectionListener
import dev.wspool.transport.Connector
import java.net.SocketAddress
import java.util.concurrent.atomic.AtomicBoolean

/**
 * An engine of which nothing is left but the SPI: it pushes, needs no coroutine, and every dial goes well at once. A
 * connection is two objects of its own, 40 bytes, so what a pool of them holds is the pool's.
 */
internal class SilentConnector : Connector {
    override suspend fun connect(endpoint: Endpoint, listener: ConnectionListener): Connection = SilentConnection(listener)
}

private class SilentConnection(private val listener: ConnectionListener) : Connection {
    private val isEnded = AtomicBoolean()

    override val capabilities: Set<Capability> get() = CAPABILITIES
    override val handshake: Handshake get() = HANDSHAKE
    override val localAddress: SocketAddress? get() = null
    override val remoteAddress: SocketAddress? get() = null

    /** The peer is an echo. */
    override suspend fun send(message: Message) {
        listener.onMessage(message)
    }

    override suspend fun ping(payload: ByteArray): Unit = listener.onPong(payload)

    override suspend fun close(code: Int, reason: String): Unit = end(CloseInfo(code, reason))

    override fun abort(): Unit = end(CloseInfo(CloseInfo.ABNORMAL))

    override fun resumeReading() = Unit

    private fun end(info: CloseInfo) {
        if (isEnded.compareAndSet(false, true)) listener.onClosed(info, null)
    }

    private companion object {
        val CAPABILITIES = setOf(Capability.Ping, Capability.HardAbort)
        val HANDSHAKE = Handshake()
    }
}
