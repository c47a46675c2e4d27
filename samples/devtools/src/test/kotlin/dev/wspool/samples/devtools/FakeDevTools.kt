package dev.wspool.samples.devtools

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
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject

/** A real server that does with each call what the test says: for answers that a browser gives only when it pleases. */
class FakeDevTools(private val onCall: suspend DefaultWebSocketServerSession.(JsonObject) -> Unit) : AutoCloseable {
    private val server = embeddedServer(CIO, port = 0, host = "127.0.0.1") {
        install(WebSockets)
        routing {
            webSocket("/devtools/browser/x") {
                for (frame in incoming) if (frame is Frame.Text) onCall(Json.parseToJsonElement(frame.readText()).jsonObject)
            }
        }
    }.start()

    val url: String = runBlocking { "ws://127.0.0.1:${server.engine.resolvedConnectors().first().port}/devtools/browser/x" }

    override fun close() = server.stop(0, 1_000)
}
