package dev.wspool.ktor.engine

import dev.wspool.ktor.webSocketPool
import dev.wspool.test.PeerFrame.Companion.TEXT
import dev.wspool.test.PeerWire
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts
import dev.wspool.withConnection
import io.ktor.client.HttpClient
import io.ktor.client.plugins.auth.Auth
import io.ktor.client.plugins.auth.AuthConfig
import io.ktor.client.plugins.auth.providers.BasicAuthCredentials
import io.ktor.client.plugins.auth.providers.BearerTokens
import io.ktor.client.plugins.auth.providers.basic
import io.ktor.client.plugins.auth.providers.bearer
import io.ktor.client.plugins.logging.LogLevel
import io.ktor.client.plugins.logging.Logger
import io.ktor.client.plugins.logging.Logging
import io.ktor.client.plugins.websocket.WebSockets
import io.ktor.client.plugins.websocket.webSocket
import io.ktor.http.HttpHeaders
import io.ktor.websocket.Frame
import io.ktor.websocket.readText
import io.ktor.websocket.send
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Test
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.atomic.AtomicInteger
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/** Ktor's own Auth and Logging on an upgrade with our engine, for sessions and for pools. */
class AuthTest {
    @Test
    fun tokenThatIsRefusedIsRefreshedOnceAndKept() {
        val refreshes = AtomicInteger()
        val refusals = AtomicInteger()
        guarded("Bearer", "Bearer hunter2", refusals) {
            bearer {
                loadTokens { BearerTokens("stale", "more") }
                refreshTokens {
                    assertEquals("stale", oldTokens?.accessToken)
                    refreshes.incrementAndGet()
                    BearerTokens("hunter2", "more")
                }
            }
        }
        assertEquals(listOf(1, 1), listOf(refreshes.get(), refusals.get()))
    }

    @Test
    fun passwordIsSentWhenItIsAskedFor() {
        val refusals = AtomicInteger()
        guarded("Basic realm=\"here\"", "Basic YW5uOnMzY3JldA==", refusals) {
            basic { credentials { BasicAuthCredentials("ann", "s3cret") } }
        }
        assertTrue(refusals.get() >= 1)
    }

    @Test
    fun upgradeIsLoggedWhole() = ScriptedServer { greet() }.use { server ->
        val lines = CopyOnWriteArrayList<String>()
        HttpClient(WebSocketsEngine) {
            install(WebSockets)
            install(Logging) {
                level = LogLevel.ALL
                logger = object : Logger {
                    override fun log(message: String) {
                        lines += message
                    }
                }
                sanitizeHeader { it == HttpHeaders.Authorization }
            }
        }.use { client ->
            client.greetTwice(server.url)
            val log = lines.joinToString("\n")
            assertTrue("REQUEST: ${server.url}" in log && "RESPONSE: 101" in log, log)
            assertFalse("who are you?" in log, log)
        }
    }

    private fun guarded(challenge: String, wanted: String, refusals: AtomicInteger, configure: AuthConfig.() -> Unit) = ScriptedServer {
        if (header("Authorization") == wanted) return@ScriptedServer greet()
        refusals.incrementAndGet()
        answer("401 Unauthorized", mapOf("WWW-Authenticate" to challenge, "Content-Length" to "0", "Connection" to "close"))
    }.use { server ->
        HttpClient(WebSocketsEngine) {
            install(WebSockets)
            install(Auth, configure)
        }.use { it.greetTwice(server.url) }
    }

    private fun HttpClient.greetTwice(url: String) = runBlocking(Dispatchers.Default) {
        withTimeout(60.seconds) {
            webSocket(url) {
                send("who are you?")
                assertEquals("welcome", (incoming.receive() as Frame.Text).readText())
            }
            webSocketPool(url).use { pool ->
                pool.withConnection {
                    send("who are you?")
                    assertEquals("welcome", receiveText())
                }
            }
        }
    }

    private fun PeerWire.greet() {
        upgrade()
        receive(TEXT)
        text("welcome")
        Scripts.echo(this)
    }
}
