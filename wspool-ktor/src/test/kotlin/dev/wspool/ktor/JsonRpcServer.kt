package dev.wspool.ktor

import dev.wspool.ktor.interop.Port
import io.ktor.server.application.install
import io.ktor.server.cio.CIO
import io.ktor.server.engine.EmbeddedServer
import io.ktor.server.engine.connector
import io.ktor.server.engine.embeddedServer
import io.ktor.server.routing.routing
import io.ktor.server.websocket.DefaultWebSocketServerSession
import io.ktor.server.websocket.WebSockets
import io.ktor.server.websocket.webSocket
import io.ktor.websocket.Frame
import io.ktor.websocket.readText
import io.ktor.websocket.send
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonObject
import java.util.concurrent.ConcurrentHashMap
import kotlin.random.Random

/** A server on Ktor that answers each call with its own parameters, some milliseconds later: never in the order in which it was asked. */
internal class JsonRpcServer : AutoCloseable {
    private val port = Port()
    private var server: EmbeddedServer<*, *>? = null
    private val calls = ConcurrentHashMap<JsonElement, Int>()

    val url = "ws://127.0.0.1:${port.number}/rpc"

    /** How often it was asked the same at the most. */
    val mostOfOneCall: Int get() = calls.values.maxOrNull() ?: 0

    fun start() {
        server = newServer().also { it.start() }
    }

    fun kill() {
        server?.stop(0, STOPPED)
        server = null
    }

    override fun close() {
        kill()
        port.close()
    }

    private fun newServer() = embeddedServer(
        CIO,
        configure = {
            reuseAddress = true
            connector {
                host = "127.0.0.1"
                this.port = this@JsonRpcServer.port.number
            }
        },
    ) {
        install(WebSockets)
        routing { webSocket("/rpc") { for (frame in incoming) answer(frame as Frame.Text) } }
    }

    private fun DefaultWebSocketServerSession.answer(frame: Frame.Text) {
        val call = Json.parseToJsonElement(frame.readText()).jsonObject
        calls.merge(call.getValue("id"), 1, Int::plus)
        launch {
            delay(Random.nextLong(SLOWEST))
            send(
                buildJsonObject {
                    put("id", call.getValue("id"))
                    put("result", call.getValue("params"))
                }.toString(),
            )
        }
    }

    private companion object {
        /** Milliseconds. */
        const val SLOWEST = 20L

        /** As of a KtorPeer. */
        const val STOPPED = 10_000L
    }
}
