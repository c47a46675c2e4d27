package dev.wspool.samples.benchmarks.pools

import dev.wspool.CloseInfo
import dev.wspool.Endpoint
import dev.wspool.Handshake
import dev.wspool.Message
import dev.wspool.transport.Capability
import dev.wspool.transport.Connection
import dev.wspool.transport.ConnectionListener
import dev.wspool.transport.Connector
import java.net.SocketAddress
import java.util.concurrent.atomic.AtomicReference

/** Connections to nowhere, open at once. It remembers none of them, so that what is measured is the pool's. */
object BareConnector : Connector {
    override suspend fun connect(endpoint: Endpoint, listener: ConnectionListener): Connection = BareConnection(listener)
}

/** Its peer takes all messages and answers pings at once. The one field is its listener, until it has been told of the end. */
class BareConnection(listener: ConnectionListener?) :
    AtomicReference<ConnectionListener?>(listener),
    Connection {
    override val capabilities: Set<Capability> get() = CAPABILITIES
    override val handshake: Handshake get() = HANDSHAKE
    override val localAddress: SocketAddress? get() = null
    override val remoteAddress: SocketAddress? get() = null

    override suspend fun send(message: Message) {}

    override suspend fun ping(payload: ByteArray) {
        get()?.onPong(payload)
    }

    override suspend fun close(code: Int, reason: String) = end(CloseInfo(code, reason))

    override fun abort() = end(CloseInfo(CloseInfo.ABNORMAL))

    override fun resumeReading() {}

    private fun end(info: CloseInfo) {
        getAndSet(null)?.onClosed(info, null)
    }

    private companion object {
        const val serialVersionUID = 1L
        val CAPABILITIES = Capability.entries.toSet()
        val HANDSHAKE = Handshake()
    }
}
