package dev.wspool.samples.dashboard

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.future.await
import kotlinx.coroutines.withContext
import kotlinx.serialization.json.Json
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import java.net.Socket
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.net.http.WebSocket
import java.util.concurrent.CompletionStage
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertTrue

@Timeout(60)
class PageServerTest {
    private val client = HttpClient.newHttpClient()

    @Test
    fun pageAndAllThatItLoadsComeFromHere() = Running {
        val page = get("/")
        assertEquals("default-src 'self'; frame-ancestors 'none'", page.headers().firstValue("Content-Security-Policy").get())
        val parts = Regex("""(?:href|src)="([^#"]+)"""").findAll(page.body()).map { it.groupValues[1] }.toSet()
        assertTrue(parts.size > 5)
        for (part in parts) assertEquals(200, get("/$part").statusCode(), part)
        assertContains(get("/charts.js").body(), "Chart.js")
        assertContains(get("/js/main.js").headers().firstValue("Content-Type").get(), "javascript")
    }

    @Test
    fun commandIsObeyed() = Running {
        val reply = post("load-up")
        assertEquals(200, reply.statusCode())
        assertEquals("""{"isDone":true,"message":"The load is 12 callers."}""", reply.body())
        assertEquals(12, dashboard.after(0, 0).controls.load)
    }

    @Test
    fun commandThatCannotBeObeyedSaysWhy() = Running {
        val reply = post("renew")
        assertEquals(200, reply.statusCode())
        assertEquals("""{"isDone":false,"message":"The pool is not closed: drain it first."}""", reply.body())
    }

    @Test
    fun unknownCommandIsNotFound() = Running { assertEquals(404, post("format-c").statusCode()) }

    @Test
    fun pagesOfOtherSitesCommandNothing() = Running {
        assertEquals(403, post("load-up", "https://evil.example").statusCode())
        assertEquals(8, dashboard.after(0, 0).controls.load)
        assertEquals(200, post("load-up", "http://127.0.0.1:${server.port}").statusCode())
    }

    /** A name of the other site's that leads here makes its pages, for a browser, ours (DNS rebinding). */
    @Test
    fun pagesOfOtherSitesThatGoByOurAddressCommandNothing() = Running {
        for ((host, status) in listOf("evil.example" to 403, "localhost" to 200)) {
            val site = "$host:${server.port}"
            val head = "POST /commands/load-up HTTP/1.1\r\nHost: $site\r\nOrigin: http://$site\r\nContent-Length: 0\r\n\r\n"
            val answer = withContext(Dispatchers.IO) {
                Socket("127.0.0.1", server.port).use { socket ->
                    socket.getOutputStream().write(head.toByteArray())
                    socket.getInputStream().bufferedReader().readLine()
                }
            }
            assertContains(answer, " $status ", message = host)
        }
        assertEquals(12, dashboard.after(0, 0).controls.load)
    }

    @Test
    fun reportNamesTheCallers() = Running {
        await { dashboard.pool.report().leases.any { it.coroutine.orEmpty().startsWith("caller ") } }
    }

    @Test
    fun whoListensGetsAllAndThenWhatIsNew() = Running {
        await { it.samples.size >= 3 && it.events.size >= 3 }
        val texts = List(2) { CompletableDeferred<String>() }
        val socket = client.newWebSocketBuilder().buildAsync(URI("ws://127.0.0.1:${server.port}/updates"), Collecting(texts)).await()
        val (first, second) = texts.map { Json.decodeFromString<Update>(it.await()) }
        assertEquals(1, first.samples.first().number)
        assertEquals(1, first.events.first().number)
        assertEquals(first.samples.last().number + 1, second.samples.first().number)
        assertTrue(second.events.none { event -> event.number <= first.events.last().number })
        assertEquals(first.run, second.run)
        assertEquals("8", first.settings["maxConnections"])
        socket.abort()
    }

    private suspend fun Running.get(path: String): HttpResponse<String> =
        send(HttpRequest.newBuilder(URI("http://127.0.0.1:${server.port}$path")).build())

    private suspend fun Running.post(command: String, origin: String? = null): HttpResponse<String> {
        val url = URI("http://127.0.0.1:${server.port}/commands/$command")
        val request = HttpRequest.newBuilder(url).POST(HttpRequest.BodyPublishers.noBody())
        if (origin != null) request.header("Origin", origin)
        return send(request.build())
    }

    private suspend fun send(request: HttpRequest) =
        withContext(Dispatchers.IO) { client.send(request, HttpResponse.BodyHandlers.ofString()) }

    /** Whole messages, one after the other. */
    private class Collecting(private val texts: List<CompletableDeferred<String>>) : WebSocket.Listener {
        private val text = StringBuilder()
        private var count = 0

        override fun onText(socket: WebSocket, data: CharSequence, last: Boolean): CompletionStage<*>? {
            text.append(data)
            if (last) {
                texts.getOrNull(count++)?.complete("$text")
                text.clear()
            }
            socket.request(1)
            return null
        }
    }
}
