package dev.wspool.ktor

import dev.wspool.ConnectFailedException
import dev.wspool.ConnectTimeoutException
import dev.wspool.Endpoint
import dev.wspool.HandshakeFailedException
import dev.wspool.HostNotFoundException
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts
import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import io.ktor.client.engine.cio.endpoint
import io.ktor.client.plugins.DefaultRequest
import io.ktor.client.plugins.HttpResponseValidator
import io.ktor.client.plugins.HttpTimeout
import io.ktor.client.plugins.ResponseException
import io.ktor.client.plugins.websocket.WebSockets
import io.ktor.client.request.header
import org.junit.jupiter.api.Test
import java.net.InetAddress
import java.net.ServerSocket
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** What a server may answer, or fail to answer, and what the pool is told. */
class HandshakeTest {
    @Test
    fun refusalIsToldWithStatusHeadersAndTheBeginningOfItsBody() = ScriptedServer {
        val body = "token=hunter2 ".padEnd(10_000, 'é')
        answer("429 Slow down", mapOf("Retry-After" to "17", "Content-Type" to "text/plain", "Connection" to "close"), body)
    }.use { server ->
        rule {
            val failure = assertFailsWith<HandshakeFailedException> { open(server.url) }
            assertEquals("${server.url} refused the WebSocket handshake with status 429", failure.message)
            assertEquals(429, failure.status)
            assertEquals("17", failure.retryAfter)
            assertTrue(failure.body.startsWith("token=hunter2 éé"), failure.body)
            assertEquals(4_096, failure.body.toByteArray().size)
            assertFalse("hunter2" in failure.stackTraceToString())
            server.awaitNoneOpen()
        }
    }

    @Test
    fun whoseCredentialsAreRefusedIsToldWhatGivesThem() {
        for (status in listOf(401, 403, 404)) {
            ScriptedServer { answer("$status No", mapOf("Connection" to "close"), "") }.use { server ->
                rule {
                    val advice = if (status == 404) "" else ": credentials are given by beforeConnect"
                    val failure = assertFailsWith<HandshakeFailedException> { open(server.url) }
                    assertEquals("${server.url} refused the WebSocket handshake with status $status$advice", failure.message)
                }
            }
        }
    }

    @Test
    fun refusalWhoseBodyNeverEndsIsARefusalAllTheSame() = ScriptedServer {
        answer("401 No", mapOf("Content-Length" to "100", "Content-Type" to "text/plain; charset=ISO-8859-1"), "\u0041 while")
        awaitEnd()
    }.use { server ->
        rule {
            val failure = assertFailsWith<HandshakeFailedException> { open(server.url) }
            assertEquals(401, failure.status)
            assertTrue(failure.isPermanent)
            assertEquals("A while", failure.body)
            server.awaitNoneOpen()
        }
    }

    @Test
    fun refusalWhoseBodyBreaksOffOrIsEncodedIsARefusalAllTheSame() {
        for (headers in listOf(mapOf("Content-Length" to "100"), mapOf("Content-Encoding" to "gzip"))) {
            ScriptedServer {
                answer("503 Later", headers)
            }.use { server ->
                rule { assertEquals("", assertFailsWith<HandshakeFailedException> { open(server.url) }.body) }
            }
        }
    }

    @Test
    fun statusIsKeptThoughTheClientTurnsItIntoAnExceptionOfItsOwn() {
        val client = HttpClient(CIO) {
            install(WebSockets)
            expectSuccess = true
            HttpResponseValidator { validateResponse { if (it.status.value == 403) throw ResponseException(it, "no") } }
        }
        ScriptedServer { answer("403 No", mapOf("Content-Length" to "0")) }.use { server ->
            rule(CioConnector(client)) {
                val failure = assertFailsWith<HandshakeFailedException> { open("${server.url}?token=hunter2") }
                assertEquals(403, failure.status)
                assertFalse("hunter2" in failure.stackTraceToString())
            }
        }
        client.close()
    }

    @Test
    fun redirectIsAnAnswerAndIsNotFollowed() = ScriptedServer {
        answer("302 Elsewhere", mapOf("Location" to "http://127.0.0.1:1/", "Content-Length" to "0"))
    }.use { server ->
        rule {
            val failure = assertFailsWith<HandshakeFailedException> { open(server.url) }
            assertEquals(302, failure.status)
            assertEquals(listOf("http://127.0.0.1:1/"), failure.headers["Location"])
        }
    }

    @Test
    fun upgradeThatBreaksTheRulesIsRefusedByUs() {
        val wrong = mapOf(
            mapOf("Sec-WebSocket-Accept" to "c3RhbGU=") to "Sec-WebSocket-Accept does not belong to our key, as if it came from a cache",
            mapOf("Sec-WebSocket-Accept" to null) to "Sec-WebSocket-Accept does not belong to our key, as if it came from a cache",
            mapOf("Upgrade" to "h2c") to "the Upgrade header is not \"websocket\"",
            mapOf("Upgrade" to null) to "the Upgrade header is not \"websocket\"",
            mapOf("Connection" to "keep-alive") to "the Connection header has no \"Upgrade\"",
            mapOf("Sec-WebSocket-Protocol" to "chat") to "it chose a subprotocol that was not asked for",
            mapOf("Sec-WebSocket-Extensions" to "permessage-deflate") to
                "it uses an extension that was not asked for (a pool opens raw sessions, without WebSocketDeflateExtension)",
        )
        for ((headers, text) in wrong) {
            ScriptedServer { upgrade(headers); awaitEnd() }.use { server ->
                rule {
                    val failure = assertFailsWith<HandshakeFailedException> { open(server.url) }
                    assertEquals("${server.url} answered the WebSocket handshake wrongly: $text", failure.message)
                    assertEquals(101, failure.status)
                    assertFalse(failure.isPermanent)
                    server.awaitNoneOpen()
                }
            }
        }
    }

    @Test
    fun clientsPluginsTakePartInTheUpgrade() {
        val client = HttpClient(CIO) {
            install(WebSockets)
            install(DefaultRequest) {
                header("X-Token", "hunter2")
                header("Sec-WebSocket-Protocol", "v1, v2")
            }
        }
        ScriptedServer { upgrade(mapOf("Sec-WebSocket-Protocol" to "v2", "X-Heard" to header("X-Token"))); awaitEnd() }.use { server ->
            rule(CioConnector(client)) {
                val connection = open(server.url).connection
                assertEquals("v2", connection.handshake.subprotocol)
                assertEquals("hunter2", connection.handshake.header("x-heard"))
                assertNull(connection.remoteAddress)
                assertNull(connection.localAddress)
            }
        }
        client.close()
    }

    @Test
    fun serverThatDoesNotSpeakHttpFailsTheConnect() {
        for (answer in listOf("SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1\r\n\r\n", "", null)) {
            ScriptedServer {
                request
                if (answer == null) reset() else write(answer.toByteArray())
            }.use { server ->
                rule {
                    val failure = assertIs<ConnectFailedException>(runCatching { open("${server.url}?token=hunter2") }.exceptionOrNull())
                    assertFalse("hunter2" in failure.stackTraceToString())
                    server.awaitNoneOpen()
                }
            }
        }
    }

    @Test
    fun hostWithoutAnAddressIsToldAsSuch() = rule {
        val failure = assertFailsWith<HostNotFoundException> { open("ws://no-such-host.invalid/?token=hunter2") }
        assertEquals("The host of ws://no-such-host.invalid/ has no address", failure.message)
        assertFalse("hunter2" in failure.stackTraceToString())
    }

    @Test
    fun clientsOwnConnectTimeoutIsAConnectTimeout() {
        val client = HttpClient(CIO) {
            install(WebSockets)
            install(HttpTimeout) { connectTimeoutMillis = 1 }
            engine { endpoint { maxConnectionsPerRoute = 1 } }
        }
        ScriptedServer(Scripts.listen).use { server ->
            rule(CioConnector(client)) {
                var failure: Throwable? = null
                while (failure == null) failure = runCatching { open("${server.url}?token=hunter2") }.exceptionOrNull()
                assertIs<ConnectTimeoutException>(failure)
                assertEquals("Connecting to ${server.url} took longer than the HttpClient allows", failure.message)
                assertFalse("hunter2" in failure.stackTraceToString())
            }
        }
        client.close()
    }

    @Test
    fun clientThatIsClosedFailsThePoolForGood() {
        val client = HttpClient(CIO) { install(WebSockets) }
        val connector = CioConnector(client)
        client.close()
        rule(connector) {
            val port = ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { it.localPort }
            val failure = assertIs<ConnectFailedException>(runCatching { open("ws://127.0.0.1:$port/") }.exceptionOrNull())
            assertTrue(failure.isPermanent, failure.stackTraceToString())
        }
    }
}
