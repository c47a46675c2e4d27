package dev.wspool.ktor

import dev.wspool.HandshakeFailedException
import dev.wspool.WebSocketPool
import dev.wspool.withConnection
import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import io.ktor.client.plugins.DefaultRequest
import io.ktor.client.plugins.websocket.WebSockets
import io.ktor.client.request.header
import io.ktor.server.application.Application
import io.ktor.server.application.install
import io.ktor.server.routing.routing
import io.ktor.server.websocket.webSocket
import io.ktor.websocket.Frame
import io.ktor.websocket.readText
import io.ktor.websocket.send
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds
import io.ktor.server.websocket.WebSockets as ServerWebSockets

/** The pool on the connector, from end to end. */
class CioPoolTest {
    private val echo: Application.() -> Unit = {
        install(ServerWebSockets)
        routing {
            webSocket("/echo") { for (frame in incoming) if (frame is Frame.Text) send(frame.readText()) }
            webSocket("/name") { for (frame in incoming) send(call.request.headers["X-Name"].orEmpty()) }
        }
    }

    @Test
    fun poolMadeFromAnAddressReusesItsConnections() = ktorServer(echo) { url ->
        play(WebSocketPool("$url/echo") { maxConnections = 4 }) { pool ->
            val replies = List(400) { number ->
                async {
                    pool.withConnection {
                        send("$number")
                        receiveText()
                    }
                }
            }.awaitAll()
            assertEquals(List(400) { "$it" }, replies)
            assertTrue(pool.stats.created <= 4, "${pool.stats}")
        }
    }

    @Test
    fun poolOnTheUsersClientHasItsHeaders() = ktorServer(echo) { url ->
        val client = HttpClient(CIO) {
            install(WebSockets)
            install(DefaultRequest) { header("X-Name", "ann") }
        }
        client.use {
            play(client.webSocketPool("$url/name") { maxConnections = 2 }) { pool ->
                val name = pool.withConnection {
                    send("who am I?")
                    receiveText()
                }
                assertEquals("ann", name)
            }
        }
    }

    @Test
    fun refusalThatWillNotHealFailsTheCallerAtOnce() = ktorServer(echo) { url ->
        play(WebSocketPool("$url/nowhere") { borrowTimeout = 30.seconds }) { pool ->
            assertEquals(404, assertFailsWith<HandshakeFailedException> { pool.borrow() }.status)
        }
    }

    private fun play(pool: WebSocketPool, rule: suspend CoroutineScope.(WebSocketPool) -> Unit) = runBlocking(Dispatchers.Default) {
        try {
            withTimeout(20.seconds) { rule(pool) }
        } finally {
            pool.close()
            withTimeout(20.seconds) { pool.awaitClosed() }
        }
    }
}
