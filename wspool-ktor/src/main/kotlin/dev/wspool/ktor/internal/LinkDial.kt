package dev.wspool.ktor.internal

import dev.wspool.ConnectFailedException
import dev.wspool.Endpoint
import dev.wspool.Handshake
import dev.wspool.ktor.engine.dial.HostAddress
import dev.wspool.ktor.engine.dial.LinkRequest
import dev.wspool.ktor.engine.link.Link
import dev.wspool.transport.Connection
import dev.wspool.transport.ConnectionListener
import dev.wspool.transport.PerMessageDeflate
import io.ktor.client.HttpClient
import io.ktor.client.plugins.websocket.WebSockets
import io.ktor.client.statement.HttpResponse
import io.ktor.http.HttpHeaders
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.isActive
import kotlinx.coroutines.withContext

/** One attempt to connect with our own engine. The call ends with the upgrade: the connection is the socket that it leaves. */
internal class LinkDial(
    private val client: HttpClient,
    private val endpoint: Endpoint,
    private val listener: ConnectionListener,
    private val frames: FrameSettings,
) {
    private val wanted = LinkRequest(listener)
    private var deflate: PerMessageDeflate? = null
    private var link: Link? = null

    /** Cancelled, it returns when what was opened is closed. A connection that had been open by then is told of as closed. */
    suspend fun open(): Connection {
        if (!listener.scope.isActive) throw told(CancellationException("The scope of the connection has ended"))
        endpoint.requireNoProxy(client)
        try {
            client.upgradeRequest(endpoint) {
                attributes.put(LinkRequest.Key, wanted)
                endpoint.ipAddress?.let { attributes.put(HostAddress.Key, HostAddress(url.host, it)) }
                attributes.put(RawSession, SessionRequest(noSessions, frames.compression?.let(PerMessageDeflate::offer)))
            }.execute {
                check(it)
                link = connected(it)
            }
            return link!!
        } catch (failure: Throwable) {
            withContext(NonCancellable) { wanted.abandon() }
            if (link == null) deflate?.close()
            currentCoroutineContext().ensureActive()
            throw told(failure)
        }
    }

    private suspend fun check(response: HttpResponse) {
        endpoint.requireUpgraded(response)
        endpoint.requireAccepted(response)
        deflate = frames.compression?.let { endpoint.agreedCompression(response, it, frames.maxMessageSize) }
    }

    private fun connected(response: HttpResponse): Link {
        val upgraded = wanted.take()
        val handshake = Handshake(CompactHeaders(response.headers), response.headers[HttpHeaders.SecWebSocketProtocol], upgraded.tlsSession)
        return Link(endpoint, handshake, upgraded.socket, listener, frames, deflate).also { it.start(upgraded.firstBytes) }
    }

    private fun told(failure: Throwable): ConnectFailedException =
        if (client.isActive) endpoint.connectFailure(failure) else endpoint.clientClosed()

    private companion object {
        val noSessions = WebSockets.prepare {}
    }
}
