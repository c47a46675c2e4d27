package dev.wspool.samples.loadtest

import io.ktor.server.application.install
import io.ktor.server.cio.CIO
import io.ktor.server.engine.embeddedServer
import io.ktor.server.routing.routing
import io.ktor.server.websocket.DefaultWebSocketServerSession
import io.ktor.server.websocket.WebSockets
import io.ktor.server.websocket.webSocket
import io.ktor.websocket.Frame
import io.ktor.websocket.send
import kotlinx.coroutines.runBlocking

/** A server that greets with [greeting], where there is one, and does with each request what the test says. */
class ForeignServer(greeting: String?, private val onRequest: suspend DefaultWebSocketServerSession.(Frame) -> Unit) : AutoCloseable {
    private val server = embeddedServer(CIO, port = 0, host = "127.0.0.1") {
        install(WebSockets)
        routing {
            webSocket("/") {
                greeting?.let { send(it) }
                for (frame in incoming) onRequest(frame)
            }
        }
    }.start()

    val url: String = runBlocking { "ws://127.0.0.1:${server.engine.resolvedConnectors().first().port}/" }

    override fun close() = server.stop(0, 1_000)
}
