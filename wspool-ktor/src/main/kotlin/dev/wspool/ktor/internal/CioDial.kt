package dev.wspool.ktor.internal

import dev.wspool.ConnectFailedException
import dev.wspool.ConnectTimeoutException
import dev.wspool.Endpoint
import dev.wspool.Handshake
import dev.wspool.transport.ConnectionListener
import dev.wspool.transport.PerMessageDeflate
import io.ktor.client.call.body
import io.ktor.client.plugins.timeout
import io.ktor.client.plugins.websocket.ClientWebSocketSession
import io.ktor.client.request.HttpRequestBuilder
import io.ktor.client.statement.HttpResponse
import kotlinx.coroutines.Job
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/**
 * A dial on CIO: a raw session, and the checks of the handshake that CIO leaves out.
 *
 * @param client which counts this call.
 * @param leaveBehind called where the client is left with a socket that only its end will free.
 */
internal class CioDial(
    private val client: CioClient,
    private val listener: ConnectionListener,
    private val frames: FrameSettings,
    private val leaveBehind: (CioClient) -> Unit = {},
) : EngineDial {
    private var deflate: PerMessageDeflate? = null

    override fun mark(request: HttpRequestBuilder) {
        request.attributes.put(RawSession, SessionRequest(rawSockets, frames.compression?.let(PerMessageDeflate::offer)))
        // So that a host that does not answer can be told from a server that does not.
        if (client.isOurs && listener.connectTimeout.isFinite()) {
            request.timeout { connectTimeoutMillis = listener.tcpTimeout.inWholeMilliseconds }
        }
    }

    override suspend fun check(endpoint: Endpoint, response: HttpResponse) {
        endpoint.requireUpgraded(response)
        endpoint.requireAccepted(response)
        deflate = frames.compression?.let { endpoint.agreedCompression(response, it, frames.maxMessageSize) }
    }

    override suspend fun connection(endpoint: Endpoint, response: HttpResponse, handshake: Handshake, life: Job): SessionConnection {
        val session = response.body<ClientWebSocketSession>()
        session.maxFrameSize = (deflate?.maxPayloadSize ?: frames.maxMessageSize).toLong()
        return CioConnection(endpoint, session, handshake, life, frames, deflate)
    }

    override fun answered(): Unit = client.answered(listener)

    override fun failure(endpoint: Endpoint, failure: Throwable?): ConnectFailedException? {
        if (!client.isOurs) return null
        val told = endpoint.connectFailure(failure) as? ConnectTimeoutException ?: return null
        return ConnectTimeoutException("$endpoint did not answer within ${listener.tcpTimeout}: TCP did not connect", told.cause)
    }

    override fun end() {
        deflate?.close()
    }

    /** CIO does not say when a socket is closed whose writer was stuck, if it ever is; the end of the client closes it. */
    override fun over(connection: SessionConnection?): Job? {
        client.answered(listener)
        val isInDoubt = connection is CioConnection && connection.mayHoldItsSocket
        if (isInDoubt) leaveBehind(client)
        client.finish()
        return if (isInDoubt) client.end else null
    }
}

/** What of the time for a connect TCP may take. */
private val ConnectionListener.tcpTimeout: Duration get() = maxOf(connectTimeout * 0.9, 1.milliseconds)
