package dev.wspool.ktor.engine

import dev.wspool.WebSocketPool
import dev.wspool.ktor.webSocketPool
import dev.wspool.test.PeerFrame.Companion.TEXT
import dev.wspool.test.PeerWire
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts
import dev.wspool.withConnection
import io.ktor.client.HttpClient
import io.ktor.client.HttpClientConfig
import io.ktor.client.engine.okhttp.OkHttp
import io.ktor.client.network.sockets.ConnectTimeoutException
import io.ktor.client.network.sockets.SocketTimeoutException
import io.ktor.client.plugins.DefaultRequest
import io.ktor.client.plugins.HttpRequestRetry
import io.ktor.client.plugins.HttpSend
import io.ktor.client.plugins.HttpTimeout
import io.ktor.client.plugins.UserAgent
import io.ktor.client.plugins.cookies.HttpCookies
import io.ktor.client.plugins.plugin
import io.ktor.client.plugins.timeout
import io.ktor.client.plugins.websocket.WebSockets
import io.ktor.client.plugins.websocket.webSocket
import io.ktor.client.request.get
import io.ktor.client.request.header
import io.ktor.client.statement.bodyAsText
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.websocket.Frame
import io.ktor.websocket.readText
import io.ktor.websocket.send
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Test
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.time.Duration.Companion.seconds

/** A client's plugins take part in an upgrade on our engine as in any request: for sessions and for pools. */
class PluginsTest {
    @Test
    fun defaultHeadersAndUserAgentAreSent() = told({ "${header("X-Token")} ${header("User-Agent")}" }, "hunter2 wspool/1") {
        install(DefaultRequest) { header("X-Token", "hunter2") }
        install(UserAgent) { agent = "wspool/1" }
    }

    @Test
    fun cookieOfAnUpgradeIsSentWithTheNextOneAndWithPlainRequests() = ScriptedServer {
        val cookie = "${header("Cookie")}"
        if ("Upgrade" in request) greet(cookie, mapOf("Set-Cookie" to "id=$number; Path=/")) else answer("200 OK", LENGTH_4, cookie)
    }.use { server ->
        client { install(HttpCookies) }.use { client ->
            play {
                assertEquals("null", client.greeting(server.url))
                assertEquals("id=1", client.greeting(server.url))
                assertEquals("id=2", client.get(server.url.replace("ws:", "http:")).bodyAsText())
            }
        }
    }

    /** As Ktor's Auth does. */
    @Test
    fun refusalIsAnsweredWithCredentials() {
        val client = client { }
        client.plugin(HttpSend).intercept { request ->
            val call = execute(request)
            if (call.response.status != HttpStatusCode.Unauthorized) return@intercept call
            request.header(HttpHeaders.Authorization, "Bearer ${call.response.headers["X-Hint"]}")
            execute(request)
        }
        client.use {
            ScriptedServer {
                if (header("Authorization") == "Bearer hunter2") greet("welcome") else answer("401 Unauthorized", HINT)
            }.use { server ->
                play {
                    assertEquals("welcome", client.greeting(server.url))
                    client.webSocketPool(server.url).use { pool -> assertEquals("welcome", pool.greeting()) }
                }
            }
        }
    }

    @Test
    fun requestIsRetriedUntilTheServerIsWell() = ScriptedServer {
        if (number < 3) answer("503 Busy", EMPTY) else greet("$number")
    }.use { server ->
        client {
            install(HttpRequestRetry) {
                retryOnServerErrors(maxRetries = 3)
                constantDelay(millis = 1, randomizationMs = 0)
            }
        }.use { client -> play { assertEquals("3", client.greeting(server.url)) } }
    }

    @Test
    fun connectTimeoutOfTheClientBoundsTheConnect() = ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { deaf ->
        // The kernel takes as many as its queue holds, and is silent to those behind.
        val queued = List(3) { Socket().also { runCatching { it.connect(deaf.localSocketAddress, 100) } } }
        client { install(HttpTimeout) }.use { client ->
            play {
                assertFailsWith<ConnectTimeoutException> {
                    client.webSocket("ws://127.0.0.1:${deaf.localPort}/", { timeout { connectTimeoutMillis = 200 } }) { }
                }
            }
        }
        queued.forEach(Socket::close)
    }

    @Test
    fun socketTimeoutOfTheClientBoundsTheAnswer() = ScriptedServer(Scripts.silentAfterAccept).use { server ->
        client { install(HttpTimeout) { socketTimeoutMillis = 100 } }.use { client ->
            play {
                assertFailsWith<SocketTimeoutException> { client.webSocket(server.url) { } }
                server.awaitNoneOpen()
            }
        }
    }

    @Test
    fun answerToAnotherKeyIsNone() = ScriptedServer(Scripts.wrongAccept).use { server ->
        client { }.use { client ->
            play {
                assertFailsWith<IllegalStateException> { client.webSocket(server.url) { } }
                server.awaitNoneOpen()
            }
        }
    }

    @Test
    fun plainRequestsGoToTheEngineThatIsWrapped() = ScriptedServer {
        val engine = if ("okhttp" in header("User-Agent").orEmpty()) "okay" else "ktor"
        if ("Upgrade" in request) greet("own") else answer("200 OK", LENGTH_4, engine)
    }.use { server ->
        play {
            client { }.use { assertEquals("ktor", it.get(server.url.replace("ws:", "http:")).bodyAsText()) }
            HttpClient(WebSocketsEngine) {
                install(WebSockets)
                engine { http(OkHttp) { addInterceptor { it.proceed(it.request().newBuilder().header("User-Agent", "okhttp").build()) } } }
            }.use {
                assertEquals("okay", it.get(server.url.replace("ws:", "http:")).bodyAsText())
                assertEquals("own", it.greeting(server.url))
            }
        }
    }

    private fun told(tell: PeerWire.() -> String, expected: String, configure: HttpClientConfig<WebSocketsEngineConfig>.() -> Unit) =
        ScriptedServer { greet(tell()) }.use { server ->
            client(configure).use { client ->
                play {
                    assertEquals(expected, client.greeting(server.url))
                    client.webSocketPool(server.url).use { pool -> assertEquals(expected, pool.greeting()) }
                }
            }
        }

    private fun client(configure: HttpClientConfig<WebSocketsEngineConfig>.() -> Unit) = HttpClient(WebSocketsEngine) {
        install(WebSockets)
        configure()
    }

    private suspend fun WebSocketPool.greeting() = withConnection {
        send("who are you?")
        receiveText()
    }

    private suspend fun HttpClient.greeting(url: String): String {
        var greeting = ""
        webSocket(url) {
            send("who are you?")
            greeting = (incoming.receive() as Frame.Text).readText()
        }
        return greeting
    }

    private fun PeerWire.greet(text: String, headers: Map<String, String?> = emptyMap()) {
        upgrade(headers)
        receive(TEXT)
        text(text)
        Scripts.echo(this)
    }

    private fun play(rule: suspend () -> Unit) = runBlocking(Dispatchers.Default) { withTimeout(60.seconds) { rule() } }

    private companion object {
        val EMPTY = mapOf("Content-Length" to "0", "Connection" to "close")
        val LENGTH_4 = mapOf("Content-Length" to "4", "Connection" to "close")
        val HINT = EMPTY + ("X-Hint" to "hunter2")
    }
}
