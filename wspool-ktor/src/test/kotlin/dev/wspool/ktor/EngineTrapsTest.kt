package dev.wspool.ktor

import dev.wspool.CloseInfo
import dev.wspool.ConnectFailedException
import dev.wspool.Endpoint
import dev.wspool.TransportConfig
import dev.wspool.ktor.engine.WebSocketsEngine
import dev.wspool.ktor.internal.OwnEngineConnector
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts
import dev.wspool.test.Scripts.listen
import io.ktor.client.HttpClient
import io.ktor.client.plugins.HttpTimeout
import io.ktor.client.plugins.timeout
import io.ktor.client.plugins.websocket.WebSockets
import io.ktor.client.plugins.websocket.webSocket
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.cancel
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.Test
import java.io.IOException
import java.net.Socket
import kotlin.concurrent.thread
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.nanoseconds

/** Opens on our own engine that are cancelled at any moment: no socket is left, neither here nor there. */
class EngineTrapsTest {
    @Test
    fun opensCancelledAtAnyMomentLeaveNoSocket() = swept(TransportConfig(), ScriptedServer(listen))

    @Test
    fun secureOpensCancelledAtAnyMomentLeaveNoSocket() {
        val keys = TestKeys.selfSigned("127.0.0.1", "-ext", "san=ip:127.0.0.1")
        swept(TransportConfig { tls { trust(keys.certificate) } }, ScriptedServer(keys.serverSocket(), "wss", listen), SLOW_SWEEPS)
    }

    @Test
    fun opensThroughAProxyCancelledAtAnyMomentLeaveNoSocket() = ScriptedServer(listen).use { server ->
        val proxy = ScriptedServer {
            request
            write("HTTP/1.1 200 Connection established\r\n\r\n".toByteArray())
            Socket("127.0.0.1", server.port).use { other -> pass(socket, other) }
        }
        swept(TransportConfig { this.proxy = "http://127.0.0.1:${proxy.port}" }, proxy, SLOW_SWEEPS, server.url)
        server.awaitNoneOpen()
    }

    @Test
    fun opensOfAServerThatAnswersByteByByteCancelledAtAnyMomentLeaveNoSocket() = swept(
        TransportConfig(),
        ScriptedServer {
            upgrade(pause = 1.nanoseconds)
            awaitEnd()
        },
    )

    @Test
    fun sessionsOfKtorsCancelledAtAnyMomentLeaveNoSocket() = ScriptedServer(listen).use { server ->
        HttpClient(WebSocketsEngine) { install(WebSockets) }.use { client ->
            rule {
                repeat(SWEEPS) { sweep ->
                    coroutineScope {
                        List(AT_ONCE) { number ->
                            // Not webSocketSession, which does not cancel the call that it has begun (Ktor's own leak).
                            val millis = (sweep * AT_ONCE + number) % 13
                            launch { withTimeoutOrNull(millis.milliseconds) { client.webSocket(server.url) { } } }
                        }
                    }
                }
                server.awaitNoneOpen()
                awaitDescriptors(0, server.port)
            }
        }
    }

    /** They cut elsewhere than the caller does. */
    @Test
    fun sessionsThatTheClientsTimeoutsCutLeaveNoSocket() = ScriptedServer(listen).use { server ->
        HttpClient(WebSocketsEngine) {
            install(WebSockets)
            install(HttpTimeout)
        }.use { client ->
            rule {
                repeat(SWEEPS * AT_ONCE) { open ->
                    try {
                        client.webSocket(server.url, { timeout { connectTimeoutMillis = 1L + open % 4 } }) { }
                    } catch (_: IOException) {
                        // as it should be
                    }
                }
                server.awaitNoneOpen()
                awaitDescriptors(0, server.port)
            }
        }
    }

    @Test
    fun serverThatAcceptsAndStaysSilentIsLeftWhenTheCallerGivesUp() {
        val asked = CompletableDeferred<String>()
        ScriptedServer {
            asked.complete(request)
            awaitEnd()
        }.use { server ->
            rule {
                val dial = launch { open(server.url) }
                asked.await()
                dial.cancelAndJoin()
                assertEquals(0, descriptors(server.port), "The dial returns when its socket is closed")
                server.awaitNoneOpen()
            }
        }
    }

    @Test
    fun connectInAScopeThatHasEndedLeavesNoConnection() = ScriptedServer(listen).use { server ->
        rule {
            val listener = listener().also { it.scope.cancel() }
            try {
                connector.connect(Endpoint(server.url), listener)
                assertEquals(CloseInfo(CloseInfo.ABNORMAL), listener.awaitClosed())
            } catch (_: ConnectFailedException) {
                assertFalse(listener.isClosed, "What was never open is not told of as closed")
            }
            server.awaitNoneOpen()
        }
    }

    /** The call of an open connection is over: its socket is the pool's. */
    @Test
    fun connectionOutlivesTheClientAndNewOnesAreRefused() = ScriptedServer(Scripts.echo).use { server ->
        val client = HttpClient(WebSocketsEngine) { install(WebSockets) }
        rule(WebSocketsEngineConnector(client)) {
            val link = open(server.url)
            client.close()
            link.connection.ping("1".toByteArray())
            assertEquals("1", link.listener.awaitPong().decodeToString())
            assertFailsWith<ConnectFailedException> { open(server.url) }
            link.connection.abort()
            link.listener.awaitClosed()
        }
        server.awaitNoneOpen()
    }

    private fun swept(config: TransportConfig, server: ScriptedServer, sweeps: Int = SWEEPS, url: String = server.url) = server.use {
        rule(OwnEngineConnector(config)) {
            open(url) // what is loaded once would hide the short timeouts
            openUnderShortTimeouts(url, sweeps)
        }
        server.awaitNoneOpen()
        awaitDescriptors(0, server.port)
    }

    private fun pass(one: Socket, other: Socket) {
        val back = thread(isDaemon = true) { copy(other, one) }
        copy(one, other)
        back.join()
    }

    private fun copy(from: Socket, to: Socket) {
        try {
            from.getInputStream().copyTo(to.getOutputStream())
            to.shutdownOutput()
        } catch (_: IOException) {
            // Either end has gone: so does the other.
            to.close()
        }
    }

    private companion object {
        const val SWEEPS = 130
        const val SLOW_SWEEPS = 60
        const val AT_ONCE = 4
    }
}
