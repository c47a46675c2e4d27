package dev.wspool.ktor.interop

import dev.wspool.CloseInfo
import io.ktor.server.application.Application
import io.ktor.server.application.install
import io.ktor.server.cio.CIO
import io.ktor.server.engine.EmbeddedServer
import io.ktor.server.engine.connector
import io.ktor.server.engine.embeddedServer
import io.ktor.server.request.path
import io.ktor.server.routing.routing
import io.ktor.server.websocket.DefaultWebSocketServerSession
import io.ktor.server.websocket.WebSockets
import io.ktor.server.websocket.webSocket
import io.ktor.server.websocket.webSocketRaw
import io.ktor.websocket.CloseReason
import io.ktor.websocket.Frame
import io.ktor.websocket.WebSocketDeflateExtension
import io.ktor.websocket.close
import io.ktor.websocket.readText
import io.ktor.websocket.send

/** A server on Ktor: two, as one compresses for all paths or for none. It cannot tell what came over the wire. */
internal class KtorPeer : Peer {
    override val ends = Ends()
    private val compressing = Port()
    private val plain = Port()
    private val servers = ArrayList<EmbeddedServer<*, *>>()

    override fun address(path: String) = "ws://127.0.0.1:${(if (path.startsWith("/plain/")) plain else compressing).number}$path"

    override fun start() {
        if (servers.isNotEmpty()) return
        servers += server(compressing) { extensions { install(WebSocketDeflateExtension) } }
        servers += server(plain) { }
        servers.forEach { it.start() }
    }

    override fun kill() {
        servers.forEach { it.stop(0, STOPPED) }
        servers.clear()
    }

    override fun close() {
        kill()
        compressing.close()
        plain.close()
    }

    private fun server(port: Port, settings: WebSockets.WebSocketOptions.() -> Unit) = embeddedServer(
        CIO,
        configure = {
            reuseAddress = true
            connector {
                host = "127.0.0.1"
                this.port = port.number
            }
        },
    ) { serve(settings) }

    private fun Application.serve(settings: WebSockets.WebSocketOptions.() -> Unit) {
        install(WebSockets, settings)
        routing {
            for (path in listOf("/echo/{id}", "/plain/{id}")) webSocket(path) { told { send(it) } }
            webSocket("/close/{id}") {
                told { frame ->
                    val (code, reason) = (frame as Frame.Text).readText().split(" ", limit = 2)
                    close(CloseReason(code.toShort(), reason))
                }
            }
            // The other sessions keep pongs to themselves.
            webSocketRaw("/ping/{id}") {
                for (frame in incoming) {
                    when (frame) {
                        is Frame.Text -> send(Frame.Ping(frame.data))
                        is Frame.Pong -> send("pong ${frame.data.decodeToString()}")
                        is Frame.Close -> send(frame)
                        else -> Unit
                    }
                }
            }
        }
    }

    private suspend fun DefaultWebSocketServerSession.told(answer: suspend (Frame) -> Unit) {
        for (frame in incoming) answer(frame)
        val end = closeReason.await()
        ends.add(call.request.path(), CloseInfo(end?.code?.toInt() ?: CloseInfo.ABNORMAL, end?.message.orEmpty()))
    }

    private companion object {
        /** In milliseconds: no grace, but with no time at all it would return while it still listens, and the next could not. */
        const val STOPPED = 10_000L
    }
}
