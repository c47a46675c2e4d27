package dev.wspool.ktor.server.accept

import io.ktor.http.Headers
import io.ktor.http.HttpHeaders
import io.ktor.http.content.OutgoingContent
import io.ktor.server.application.ApplicationCall
import io.ktor.server.request.header
import io.ktor.utils.io.ByteReadChannel
import io.ktor.utils.io.ByteWriteChannel
import io.ktor.utils.io.InternalAPI
import io.ktor.websocket.RawWebSocket
import io.ktor.websocket.WebSocketChannelsConfig
import io.ktor.websocket.WebSocketSession
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancel
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import java.security.MessageDigest
import kotlin.coroutines.CoroutineContext
import kotlin.io.encoding.Base64

/**
 * The answer that makes of a call a raw session, which ends with [serve]. Instead of Ktor's `WebSocketUpgrade`, whose queue of incoming
 * frames is the plugin's, without a bound: a client that sends faster than it is read would fill the heap.
 */
@OptIn(InternalAPI::class) // WebSocketChannelsConfig cannot be made otherwise
internal class Upgrade(
    private val call: ApplicationCall,
    subprotocol: String?,
    private val maxFrameSize: Long,
    private val serve: suspend WebSocketSession.() -> Unit,
) : OutgoingContent.ProtocolUpgrade() {
    override val headers: Headers = Headers.build {
        append(HttpHeaders.Upgrade, "websocket")
        append(HttpHeaders.Connection, "Upgrade")
        append(HttpHeaders.SecWebSocketAccept, acceptOf(call.request.header(HttpHeaders.SecWebSocketKey)!!))
        if (subprotocol != null) append(HttpHeaders.SecWebSocketProtocol, subprotocol)
    }

    override suspend fun upgrade(
        input: ByteReadChannel,
        output: ByteWriteChannel,
        engineContext: CoroutineContext,
        userContext: CoroutineContext,
    ): Job {
        val channels = WebSocketChannelsConfig().apply { incoming = bounded(INCOMING_FRAMES) }
        val session = RawWebSocket(input, output, maxFrameSize, false, call.coroutineContext + engineContext, channels)
        session.launch {
            try {
                session.serve()
            } finally {
                session.cancel() // which closes the socket
            }
        }
        return session.coroutineContext.job
    }

    private companion object {
        /** In each of two queues; as with connections that are dialled. */
        const val INCOMING_FRAMES = 16

        /** RFC 6455, 1.3. */
        const val GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

        fun acceptOf(key: String): String =
            Base64.encode(MessageDigest.getInstance("SHA-1").digest((key.trim() + GUID).toByteArray()))
    }
}
