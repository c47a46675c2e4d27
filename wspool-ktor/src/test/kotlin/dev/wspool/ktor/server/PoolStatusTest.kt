package dev.wspool.ktor.server

import dev.wspool.PoolHealth
import dev.wspool.PoolReport
import dev.wspool.WebSocketPool
import dev.wspool.ktor.ktorServer
import dev.wspool.ktor.testThreads
import dev.wspool.withConnection
import io.ktor.server.application.install
import io.ktor.server.routing.routing
import io.ktor.server.websocket.WebSockets
import io.ktor.server.websocket.webSocket
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import org.junit.jupiter.api.Test
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import kotlin.test.assertContains
import kotlin.test.assertEquals

/** The routes that tell of pools, asked by another HTTP client over a real connection. */
class PoolStatusTest {
    private val pools = ArrayList<WebSocketPool>()

    @Test
    fun reportsAreJsonOrText() = served { url ->
        val answer = get("$url/pools")
        assertEquals("application/json", answer.headers().firstValue("Content-Type").get())
        val report = Json.decodeFromString<List<PoolReport>>(answer.body()).single()
        assertEquals("echo", report.pool)
        assertEquals(1, report.stats.created)
        assertEquals(1, report.connections.single().uses)
        assertContains(get("$url/pools", "text/plain").body(), "Pool echo for ws://127.0.0.1")
    }

    @Test
    fun healthIsOkUntilAPoolIsDown() = served { url ->
        val up = get("$url/pools/health")
        assertEquals(200, up.statusCode())
        assertEquals(PoolHealth.Status.Up, Json.decodeFromString<Map<String, PoolHealth>>(up.body()).getValue("echo").status)
        pools.single().pause()
        val down = get("$url/pools/health")
        assertEquals(503, down.statusCode())
        assertContains(down.body(), "until it is resumed")
    }

    @Test
    fun ofTwoPoolsWithOneNameEachIsSeen() = served { url ->
        pools += WebSocketPool("ws://127.0.0.1:1/echo") { name = "echo" }
        pools.first().pause()
        val down = get("$url/pools/health")
        assertEquals(503, down.statusCode())
        assertEquals(setOf("echo", "echo #2"), Json.decodeFromString<Map<String, PoolHealth>>(down.body()).keys)
        pools.last().close()
    }

    private fun get(url: String, accept: String = "*/*"): HttpResponse<String> {
        val request = HttpRequest.newBuilder(URI(url.replace("ws:", "http:"))).header("Accept", accept).build()
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString())
    }

    /** A server with the routes and a pool that has lent one connection to it. */
    private fun served(test: (url: String) -> Unit) = ktorServer(
        module = {
            install(WebSockets)
            routing {
                webSocketPoolStatus { pools }
                webSocket("/echo") { for (frame in incoming) send(frame) }
            }
        },
    ) { url ->
        val pool = WebSocketPool("$url/echo") { name = "echo" }
        pools += pool
        try {
            runBlocking(testThreads) { pool.withConnection { } }
            test(url)
        } finally {
            pool.close()
            runBlocking(testThreads) { pool.awaitClosed() }
        }
    }
}
