package dev.wspool.ktor.server.accept

import dev.wspool.Handshake
import dev.wspool.ktor.internal.FrameSettings
import dev.wspool.ktor.internal.RawConnection
import io.ktor.server.application.ApplicationCall
import io.ktor.server.plugins.origin
import io.ktor.websocket.WebSocketSession
import kotlinx.coroutines.Job
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.SocketAddress

/** A raw session of Ktor's server. */
internal class AcceptedSession(
    private val call: ApplicationCall,
    session: WebSocketSession,
    handshake: Handshake,
    life: Job,
    frames: FrameSettings,
) : RawConnection(Arrival.HERE, session, session, handshake, life, frames, deflate = null) {
    override val localAddress: SocketAddress? get() = addressOf(call.request.local.localAddress, call.request.local.localPort)

    override val remoteAddress: SocketAddress? get() = addressOf(call.request.origin.remoteAddress, call.request.origin.remotePort)

    /** From an address that is written out: no name is looked up. */
    private fun addressOf(address: String, port: Int): SocketAddress? =
        parseAddress(address)?.let { InetSocketAddress(InetAddress.getByAddress(it), port.coerceIn(0, 65_535)) }
}
