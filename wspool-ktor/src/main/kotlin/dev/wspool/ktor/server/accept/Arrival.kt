package dev.wspool.ktor.server.accept

import dev.wspool.Endpoint
import dev.wspool.Handshake
import dev.wspool.TransportConfig
import dev.wspool.ktor.internal.FrameSettings
import dev.wspool.ktor.internal.frames
import dev.wspool.transport.Acceptance
import io.ktor.server.application.ApplicationCall
import io.ktor.server.response.respond
import io.ktor.util.toMap
import io.ktor.websocket.WebSocketSession
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.job

/** A client that has been let in: from its upgrade to the end of its connection. */
internal class Arrival(
    private val acceptance: Acceptance,
    private val call: ApplicationCall,
    transport: TransportConfig,
    private val subprotocol: String?,
    private val onEnd: () -> Unit,
) {
    private val frames: FrameSettings = transport.frames()

    /**
     * Answers the upgrade; whether the engine returns now or at the end of the connection is its own affair. The end of the call is that
     * of a connection that no engine has begun.
     */
    suspend fun begin() {
        call.coroutineContext.job.invokeOnCompletion { failure ->
            acceptance.failed(failure ?: IllegalStateException("The upgrade was not carried out"))
            onEnd()
        }
        try {
            call.respond(Upgrade(call, subprotocol, frames.maxMessageSize.toLong()) { serve() })
        } catch (failure: Throwable) {
            acceptance.failed(failure)
            throw failure
        }
    }

    private suspend fun WebSocketSession.serve() = try {
        coroutineScope {
            val handshake = Handshake(call.request.headers.toMap(), subprotocol)
            val connection = AcceptedSession(call, this@serve, handshake, coroutineContext.job, frames)
            acceptance.opened(connection)
            try {
                connection.read(acceptance.listener)
            } finally {
                if (!connection.mayHoldItsSocket) acceptance.listener.onClosed(connection.ended(), connection.cause)
            }
        }
    } finally {
        onEnd()
    }

    internal companion object {
        /** What connections that were accepted are called where others tell where they connect to. */
        val HERE = Endpoint("ws://accepted")
    }
}
