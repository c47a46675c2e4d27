package dev.wspool.ktor.internal

import dev.wspool.Endpoint
import dev.wspool.Handshake
import dev.wspool.transport.PerMessageDeflate
import io.ktor.client.HttpClient
import io.ktor.client.call.body
import io.ktor.client.plugins.websocket.ClientWebSocketSession
import io.ktor.client.request.HttpRequestBuilder
import io.ktor.client.statement.HttpResponse
import kotlinx.coroutines.Job
import kotlinx.coroutines.job

/** A dial on CIO: a raw session, and the checks of the handshake that CIO leaves out. */
internal class CioDial(private val client: HttpClient, private val frames: FrameSettings) : EngineDial {
    private var deflate: PerMessageDeflate? = null

    override fun mark(request: HttpRequestBuilder) {
        request.attributes.put(RawSession, SessionRequest(rawSockets, frames.compression?.let(PerMessageDeflate::offer)))
    }

    override suspend fun check(endpoint: Endpoint, response: HttpResponse) {
        endpoint.requireUpgraded(response)
        endpoint.requireAccepted(response)
        deflate = frames.compression?.let { endpoint.agreedCompression(response, it, frames.maxMessageSize) }
    }

    override suspend fun connection(endpoint: Endpoint, response: HttpResponse, handshake: Handshake, life: Job): SessionConnection {
        val session = response.body<ClientWebSocketSession>()
        session.maxFrameSize = (deflate?.maxPayloadSize ?: frames.maxMessageSize).toLong()
        return RawConnection(endpoint, session, session.call, handshake, life, frames, deflate)
    }

    override fun end() {
        deflate?.close()
    }

    /** CIO does not say when a socket is closed whose writer was stuck, if it ever is; the end of the client's engine closes it. */
    override fun over(connection: SessionConnection?): Job? =
        if (connection is RawConnection && connection.mayHoldItsSocket) client.engine.coroutineContext.job else null
}
