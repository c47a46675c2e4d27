package dev.wspool.ktor

import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import io.ktor.client.engine.cio.endpoint
import io.ktor.client.engine.okhttp.OkHttp
import io.ktor.client.plugins.websocket.WebSockets
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith

/** A pool on the user's own client: what is wrong with it is said at once. */
class HttpClientPoolTest {
    @Test
    fun engineLimitsBelowMaxConnectionsFailAtOnceAndAreNamedWithTheirValues() {
        val client = HttpClient(CIO) {
            install(WebSockets)
            engine {
                maxConnectionsCount = 50
                endpoint { maxConnectionsPerRoute = 8 }
            }
        }
        client.use {
            val failure = assertFailsWith<IllegalArgumentException> { client.webSocketPool("ws://localhost/") { maxConnections = 9 } }
            assertEquals(
                "maxConnections (9) is more than the client's engine allows: engine { maxConnectionsCount } is 50 and " +
                    "engine { endpoint { maxConnectionsPerRoute } } is 8. Raise these, or lower maxConnections",
                failure.message,
            )
        }
    }

    @Test
    fun clientWithoutTheWebSocketsPluginIsRefused() = HttpClient(CIO).use { client ->
        val failure = assertFailsWith<IllegalArgumentException> { client.webSocketPool("ws://localhost/") }
        assertEquals("The pool needs an HttpClient with the WebSockets plugin: HttpClient(CIO) { install(WebSockets) }", failure.message)
    }

    @Test
    fun clientWithAnotherEngineIsRefused() = HttpClient(OkHttp) { install(WebSockets) }.use { client ->
        val failure = assertFailsWith<IllegalArgumentException> { client.webSocketPool("ws://localhost/") }
        assertEquals("The pool needs an HttpClient with Ktor's CIO engine, not OkHttpEngine: HttpClient(CIO) { … }", failure.message)
    }

    @Test
    fun whatIsTheClientsCannotBeSetForThePool() = HttpClient(CIO) { install(WebSockets) }.use { client ->
        val failure = assertFailsWith<IllegalArgumentException> { client.webSocketPool("wss://localhost/") { tls { insecure() } } }
        assertEquals("tls cannot be set here: it is the client's: HttpClient(CIO) { engine { … } }", failure.message)
        client.webSocketPool("wss://localhost/") { maxMessageSize = 10 }.close()
    }
}
