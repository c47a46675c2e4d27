package dev.wspool.samples.quickstart

import io.ktor.server.application.install
import io.ktor.server.cio.CIO
import io.ktor.server.engine.embeddedServer
import io.ktor.server.routing.routing
import io.ktor.server.websocket.WebSockets
import io.ktor.server.websocket.webSocket
import io.ktor.websocket.Frame
import io.ktor.websocket.readText

/** A WebSocket server on a free port of this machine alone, which replies with what it is sent. */
class EchoServer private constructor(val url: String, private val stop: suspend () -> Unit) {
    suspend fun stop() = stop.invoke()

    companion object {
        suspend fun start(): EchoServer {
            val server = embeddedServer(CIO, port = 0, host = "127.0.0.1") {
                install(WebSockets)
                routing {
                    webSocket("/echo") {
                        for (frame in incoming) if (frame is Frame.Text) send(Frame.Text(frame.readText()))
                    }
                }
            }
            server.startSuspend(wait = false)
            val port = server.engine.resolvedConnectors().first().port
            return EchoServer("ws://127.0.0.1:$port/echo") { server.stopSuspend(gracePeriodMillis = 0, timeoutMillis = 1_000) }
        }
    }
}
