package dev.wspool.samples.quickstart

import io.ktor.server.application.install
import io.ktor.server.cio.CIO
import io.ktor.server.engine.embeddedServer
import io.ktor.server.routing.routing
import io.ktor.server.websocket.DefaultWebSocketServerSession
import io.ktor.server.websocket.WebSockets
import io.ktor.server.websocket.webSocket
import io.ktor.websocket.Frame
import io.ktor.websocket.readText
import kotlinx.coroutines.runBlocking

/** A real server that does with each message what the test says. */
class TestServer(port: Int = 0, private val onText: suspend DefaultWebSocketServerSession.(String) -> Unit) : AutoCloseable {
    private val server = embeddedServer(CIO, port = port, host = "127.0.0.1") {
        install(WebSockets)
        routing {
            webSocket("/") {
                for (frame in incoming) if (frame is Frame.Text) onText(frame.readText())
            }
        }
    }.start()

    val port: Int = runBlocking { server.engine.resolvedConnectors().first().port }
    val url: String = "ws://127.0.0.1:${this.port}/"

    override fun close() = server.stop(0, 1_000)
}
