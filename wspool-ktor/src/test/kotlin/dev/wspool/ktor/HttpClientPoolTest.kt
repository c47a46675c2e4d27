package dev.wspool.ktor

import io.ktor.client.HttpClient
import io.ktor.client.engine.HttpClientEngineBase
import io.ktor.client.engine.HttpClientEngineConfig
import io.ktor.client.engine.cio.CIO
import io.ktor.client.engine.cio.endpoint
import io.ktor.client.engine.okhttp.OkHttp
import io.ktor.client.plugins.websocket.WebSockets
import io.ktor.client.request.HttpRequestData
import io.ktor.client.request.HttpResponseData
import io.ktor.utils.io.InternalAPI
import okhttp3.Dispatcher
import okhttp3.OkHttpClient
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
    fun clientWithAnotherEngineIsRefusedAndThoseThatWorkAreNamed() = HttpClient(OtherEngine()) { install(WebSockets) }.use { client ->
        val failure = assertFailsWith<IllegalArgumentException> { client.webSocketPool("ws://localhost/") }
        assertEquals(
            "The pool needs an HttpClient with wspool's own engine, or Ktor's CIO or OkHttp, not OtherEngine: HttpClient(WebSocketsEngine) { … }",
            failure.message,
        )
    }

    @Test
    fun connectorForOneEngineRefusesTheOther() {
        HttpClient(OkHttp) { install(WebSockets) }.use { client ->
            val failure = assertFailsWith<IllegalArgumentException> { CioConnector(client) }
            assertEquals("The connector needs an HttpClient with Ktor's CIO engine, not OkHttpEngine", failure.message)
        }
        HttpClient(CIO) { install(WebSockets) }.use { client ->
            val failure = assertFailsWith<IllegalArgumentException> { OkHttpConnector(client) }
            assertEquals("The connector needs an HttpClient with Ktor's OkHttp engine, not CIOEngine", failure.message)
        }
    }

    // OkHttp's limit

    @Test
    fun okHttpsLimitOf64BelowMaxConnectionsFailsAtOnceAndIsNamed() = HttpClient(OkHttp) { install(WebSockets) }.use { client ->
        client.webSocketPool("ws://localhost/") { maxConnections = 64 }.close()
        assertOverLimit(65, 64, client)
    }

    @Test
    fun limitIsReadWhereverTheUserHasSetIt() {
        val inBlock = HttpClient(OkHttp) {
            install(WebSockets)
            engine { config { dispatcher(Dispatcher().apply { maxRequests = 200 }) } }
        }
        val preconfiguredWith = OkHttpClient.Builder().dispatcher(Dispatcher().apply { maxRequests = 8 }).build()
        val inClient = HttpClient(OkHttp) {
            install(WebSockets)
            engine { preconfigured = preconfiguredWith }
        }
        inBlock.webSocketPool("ws://localhost/") { maxConnections = 200 }.close()
        assertOverLimit(201, 200, inBlock)
        assertOverLimit(9, 8, inClient)
        for (client in listOf(inBlock, inClient)) client.close()
    }

    private fun assertOverLimit(connections: Int, limit: Int, client: HttpClient) {
        val failure = assertFailsWith<IllegalArgumentException> { client.webSocketPool("ws://localhost/") { maxConnections = connections } }
        assertEquals(
            "maxConnections ($connections) is more than the client's engine allows: maxRequests of OkHttp's Dispatcher is $limit, and " +
                "each open WebSocket is one. Raise it with engine { config { dispatcher(Dispatcher().apply { maxRequests = … }) } }, " +
                "or lower maxConnections",
            failure.message,
        )
    }

    @Test
    fun webSocketsThatAreNotOkHttpsOwnAreRefused() {
        val client = HttpClient(OkHttp) {
            install(WebSockets)
            engine { webSocketFactory = OkHttpClient() }
        }
        val failure = client.use { assertFailsWith<IllegalArgumentException> { it.webSocketPool("ws://localhost/") } }
        assertEquals(
            "The pool needs OkHttp's own WebSockets: engine { webSocketFactory } of the HttpClient must not be set",
            failure.message,
        )
    }

    @Test
    fun whatIsTheClientsCannotBeSetForThePool() = HttpClient(CIO) { install(WebSockets) }.use { client ->
        val failure = assertFailsWith<IllegalArgumentException> { client.webSocketPool("wss://localhost/") { tls { insecure() } } }
        assertEquals("tls cannot be set here: it is the client's: HttpClient(CIO) { engine { … } }", failure.message)
        client.webSocketPool("wss://localhost/") { maxMessageSize = 10 }.close()
    }

    private class OtherEngine : HttpClientEngineBase("other") {
        override val config = HttpClientEngineConfig()

        @InternalAPI
        override suspend fun execute(data: HttpRequestData): HttpResponseData = error("not asked")
    }
}
