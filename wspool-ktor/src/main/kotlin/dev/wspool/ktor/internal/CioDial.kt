package dev.wspool.ktor.internal

import dev.wspool.Endpoint
import dev.wspool.Handshake
import io.ktor.client.call.body
import io.ktor.client.plugins.websocket.ClientWebSocketSession
import io.ktor.client.request.HttpRequestBuilder
import io.ktor.client.statement.HttpResponse
import kotlinx.coroutines.Job

/** A dial on CIO: a raw session, and the checks of the handshake that CIO leaves out. */
internal class CioDial(private val maxMessageSize: Int) : EngineDial {
    override fun mark(request: HttpRequestBuilder) {
        request.attributes.put(RawSession, rawSockets)
    }

    override suspend fun check(endpoint: Endpoint, response: HttpResponse) {
        endpoint.requireUpgraded(response)
        endpoint.requireAccepted(response)
    }

    override suspend fun connection(endpoint: Endpoint, response: HttpResponse, handshake: Handshake, life: Job): SessionConnection {
        val session = response.body<ClientWebSocketSession>()
        session.maxFrameSize = maxMessageSize.toLong()
        return CioConnection(endpoint, session, handshake, life)
    }
}
