package dev.wspool.ktor.engine.session

import dev.wspool.ktor.awaitDescriptors
import dev.wspool.ktor.engine.WebSocketsEngine
import dev.wspool.test.PeerFrame.Companion.BINARY
import dev.wspool.test.PeerWire.Companion.FIN
import dev.wspool.test.Script
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts
import io.ktor.client.HttpClient
import io.ktor.client.network.sockets.SocketTimeoutException
import io.ktor.client.plugins.HttpTimeout
import io.ktor.client.plugins.HttpTimeoutConfig
import io.ktor.client.plugins.websocket.WebSockets
import io.ktor.client.plugins.websocket.webSocket
import io.ktor.websocket.send
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** What Ktor's `HttpTimeout` does to an open session: the socket timeout holds on, the request timeout does not (KTOR-8206). */
class SessionTimeoutTest {
    /** Whatever we send: it is the peer who is silent. */
    @Test
    fun peerThatIsSilentForTheSocketTimeoutIsGivenUp() = client(Scripts.listen, { socketTimeoutMillis = SHORT }) { client, server ->
        client.webSocket(server.url) {
            val failure = assertFailsWith<Exception> {
                while (true) {
                    send("are you there?")
                    delay(10.milliseconds)
                }
            }
            assertIs<SocketTimeoutException>(incoming.receiveCatching().exceptionOrNull(), "$failure")
        }
        server.awaitNoneOpen()
        awaitDescriptors(0, server.port)
    }

    @Test
    fun peerThatSpeaksInTimeIsNot() = client({
        upgrade()
        repeat(WORDS) {
            text("$it")
            Thread.sleep(LONG / 10) // all of them take longer than the timeout
        }
        Scripts.echo(this)
    }, { socketTimeoutMillis = LONG }) { client, server ->
        client.webSocket(server.url) { for (number in 0 until WORDS) assertEquals("$number", text()) }
    }

    @Test
    fun peerThatIsHeldBackIsNotSilent() = client({
        upgrade()
        repeat(MANY) { frame(FIN or BINARY, ByteArray(SIZE)) }
        Scripts.echo(this)
    }, { socketTimeoutMillis = SHORT }, { channels { incoming = bounded(2) } }) { client, server ->
        client.webSocket(server.url) {
            delay((SHORT * 5).milliseconds) // the timeout passes while nothing is read
            repeat(MANY) { assertEquals(SIZE, incoming.receive().data.size) }
        }
    }

    @Test
    fun requestTimeoutAndAnInfiniteSocketTimeoutEndNoSession() = client({
        upgrade()
        Thread.sleep(SHORT * 3)
        text("late")
        Scripts.echo(this)
    }, {
        requestTimeoutMillis = SHORT
        socketTimeoutMillis = HttpTimeoutConfig.INFINITE_TIMEOUT_MS
    }) { client, server -> client.webSocket(server.url) { assertEquals("late", text()) } }

    private fun client(
        script: Script,
        timeouts: HttpTimeoutConfig.() -> Unit,
        configure: WebSockets.Config.() -> Unit = {},
        play: suspend (HttpClient, ScriptedServer) -> Unit,
    ) = ScriptedServer(script).use { server ->
        HttpClient(WebSocketsEngine) {
            install(WebSockets, configure)
            install(HttpTimeout, timeouts)
        }.use { client -> runBlocking(Dispatchers.Default) { withTimeout(60.seconds) { play(client, server) } } }
    }

    private companion object {
        /** In milliseconds. */
        const val SHORT = 200L
        const val LONG = 2_000L
        const val WORDS = 15
        const val MANY = 200
        const val SIZE = 64 * 1024
    }
}
