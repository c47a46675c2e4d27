package dev.wspool.ktor

import dev.wspool.CloseInfo
import dev.wspool.ConnectFailedException
import dev.wspool.Endpoint
import dev.wspool.Message
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts.listen
import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import io.ktor.client.engine.cio.endpoint
import io.ktor.client.plugins.websocket.WebSockets
import io.ktor.server.application.install
import io.ktor.server.routing.routing
import io.ktor.server.websocket.webSocket
import io.ktor.websocket.Frame
import io.ktor.websocket.WebSocketDeflateExtension
import io.ktor.websocket.readText
import io.ktor.websocket.send
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancel
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.Test
import java.util.concurrent.atomic.AtomicInteger
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.time.Duration.Companion.milliseconds
import io.ktor.server.websocket.WebSockets as ServerWebSockets

/** What Ktor's CIO client does to whoever builds a pool on it, from its limits to its plugins, each as a rule that we keep all the same. */
class CioTrapsTest {
    // Cancellation

    @Test
    fun opensCancelledAtAnyMomentLeaveNoSocketAndEveryPermit() {
        val client = HttpClient(CIO) {
            install(WebSockets)
            engine {
                maxConnectionsCount = PERMITS
                endpoint { maxConnectionsPerRoute = PERMITS }
            }
        }
        ScriptedServer(listen).use { server ->
            rule(CioConnector(client)) {
                // What is loaded once would hide the short timeouts. It stays, as only with another connection open does Ktor's
                // selector go on, and close what was cancelled in the moment between TCP's connect and Ktor's notice of it.
                open(server.url)
                openUnderShortTimeouts(server.url, SWEEPS)
                server.awaitOpen(1)
                List(PERMITS - 1) { async { open(server.url) } }.awaitAll()
                server.awaitOpen(PERMITS)
            }
        }
        client.close()
    }

    @Test
    fun serverThatAcceptsAndStaysSilentIsLeftWhenTheCallerGivesUp() {
        val asked = CompletableDeferred<String>()
        ScriptedServer {
            asked.complete(request)
            awaitEnd()
        }.use { server ->
            onCio {
                val dial = launch { open(server.url) }
                asked.await()
                dial.cancelAndJoin()
                server.awaitNoneOpen()
            }
        }
    }

    @Test
    fun connectInAScopeThatHasEndedFailsInsteadOfWaiting() = ScriptedServer(listen).use { server ->
        onCio {
            val listener = listener().also { it.scope.cancel() }
            val failure = assertFailsWith<ConnectFailedException> { connector.connect(Endpoint(server.url), listener) }
            assertEquals("Connecting to ${server.url} was cut short, as the pool is being closed", failure.message)
            assertFalse(listener.isClosed, "What was never open is not told of as closed")
            server.awaitNoneOpen()
        }
    }

    /** Time and again, as Ktor never ends the frames of a call that is cancelled before its own coroutine has started. */
    @Test
    fun clientThatIsCancelledEndsItsConnections() = ScriptedServer(listen).use { server ->
        repeat(20) {
            val client = HttpClient(CIO) { install(WebSockets) }
            rule(CioConnector(client)) {
                val link = open(server.url)
                client.cancel()
                assertEquals(CloseInfo(CloseInfo.ABNORMAL), link.listener.awaitClosed())
                assertIs<ConnectFailedException>(runCatching { open(server.url) }.exceptionOrNull())
            }
        }
        server.awaitNoneOpen()
    }

    // Extensions, and a server that we did not write

    @Test
    fun clientWithTheDeflatePluginWorksUncompressed() = ktorServer({
        install(ServerWebSockets) { extensions { install(WebSocketDeflateExtension) } }
        routing {
            webSocket("/echo") {
                send(call.request.headers["Sec-WebSocket-Extensions"] ?: "nothing offered")
                for (frame in incoming) if (frame is Frame.Text) send(frame.readText())
            }
        }
    }) { url ->
        HttpClient(CIO) { install(WebSockets) { extensions { install(WebSocketDeflateExtension) } } }.use { client ->
            rule(CioConnector(client)) {
                val link = open("$url/echo")
                assertEquals(Message.Text("nothing offered"), link.listener.awaitMessage())
                val texts = List(200) { "$it ".repeat(50 * it) }
                val sends = launch { texts.forEach { link.connection.send(Message.Text(it)) } }
                for (text in texts) assertEquals(Message.Text(text), link.listener.awaitMessage())
                sends.join()
                link.connection.close(1000, "done")
                assertEquals(CloseInfo(1000, "done"), link.listener.awaitClosed())
            }
        }
    }

    private fun onCio(play: suspend Stage.() -> Unit) = cioClient().use { rule(CioConnector(it), play) }

    private companion object {
        const val PERMITS = 20
        const val SWEEPS = 130
    }
}
