package dev.wspool.ktor.engine.session

import dev.wspool.ktor.awaitDescriptors
import dev.wspool.ktor.engine.WebSocketsEngine
import dev.wspool.test.PeerFrame
import dev.wspool.test.Script
import dev.wspool.test.ScriptedServer
import io.ktor.client.HttpClient
import io.ktor.client.plugins.websocket.DefaultClientWebSocketSession
import io.ktor.client.plugins.websocket.WebSockets
import io.ktor.client.plugins.websocket.webSocket
import io.ktor.websocket.Frame
import io.ktor.websocket.readText
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlin.time.Duration.Companion.seconds

/** Has a session of Ktor's on our engine with a server that plays [script]; afterwards nothing of it is left. */
internal fun session(
    script: Script,
    configure: WebSockets.Config.() -> Unit = {},
    talk: suspend DefaultClientWebSocketSession.() -> Unit,
) = clientOf(script, configure) { client, server ->
    client.webSocket(server.url) { talk() }
    awaitDescriptors(0, server.port)
}

/** A client on our engine and a server that plays [script]; the timeout is a safety net. */
internal fun clientOf(
    script: Script,
    configure: WebSockets.Config.() -> Unit = {},
    play: suspend (client: HttpClient, server: ScriptedServer) -> Unit,
) = ScriptedServer(script).use { server ->
    HttpClient(WebSocketsEngine) { install(WebSockets, configure) }.use { client ->
        runBlocking(Dispatchers.Default) { withTimeout(60.seconds) { play(client, server) } }
    }
}

internal suspend fun DefaultClientWebSocketSession.text() = (incoming.receive() as Frame.Text).readText()

/** The code of a Close frame. */
internal val PeerFrame.code: Int get() = (payload[0].toInt() and 0xff) * 256 + (payload[1].toInt() and 0xff)
