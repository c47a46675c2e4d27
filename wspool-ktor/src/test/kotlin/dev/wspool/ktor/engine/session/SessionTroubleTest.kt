package dev.wspool.ktor.engine.session

import dev.wspool.ktor.TestKeys
import dev.wspool.ktor.awaitDescriptors
import dev.wspool.ktor.engine.WebSocketsEngine
import dev.wspool.test.PeerFrame
import dev.wspool.test.PeerWire.Companion.FIN
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts
import io.ktor.client.HttpClient
import io.ktor.client.plugins.websocket.ClientWebSocketSession
import io.ktor.client.plugins.websocket.WebSockets
import io.ktor.client.request.prepareRequest
import io.ktor.client.request.url
import io.ktor.websocket.Frame
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.Test
import java.util.concurrent.CountDownLatch
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Sessions whose peer does not read, or whose user goes before his time. */
class SessionTroubleTest {
    @Test
    fun whoWaitsForAFlushIsToldWhenTheSessionIsCancelled() = clientOf(Scripts.halfOpen()) { client, server ->
        client.prepareRequest { url(server.url) }.body<ClientWebSocketSession, Unit> { session ->
            coroutineScope {
                var flush: Job
                do { // until the kernel takes no more
                    session.outgoing.send(Frame.Binary(true, ByteArray(RECORD)))
                    flush = launch { session.flush() }
                } while (withTimeoutOrNull(300.milliseconds) { flush.join() } != null)
                session.cancel()
                flush.join()
            }
        }
    }

    /** What comes behind the frames that nobody wants may be the end. */
    @Test
    fun incomingThatIsCancelledDoesNotStopTheReading() = clientOf(
        {
            upgrade()
            repeat(MANY) { frame(FIN or PeerFrame.TEXT, "hello".toByteArray()) }
            send(PeerFrame.close(4000))
            awaitEnd()
        },
        { channels { incoming = bounded(1) } },
    ) { client, server ->
        client.prepareRequest { url(server.url) }.body<ClientWebSocketSession, Unit> { session ->
            session.incoming.receive()
            session.incoming.cancel()
            server.awaitNoneOpen()
        }
    }

    /** A record that the kernel has taken a part of is no longer in the outbox, and not out. */
    @Test
    fun whatAFlushHasConfirmedIsWithTheKernelOverTlsToo() {
        val keys = TestKeys.selfSigned("localhost")
        val isOver = CountDownLatch(1)
        val arrived = CompletableDeferred<Int>()
        ScriptedServer(keys.serverSocket(), "wss", {
            upgrade()
            isOver.await()
            arrived.complete(frames().count())
        }).use { server ->
            HttpClient(WebSocketsEngine) {
                install(WebSockets)
                engine { tls { trust(keys.certificate) } }
            }.use { client ->
                runBlocking(Dispatchers.Default) {
                    withTimeout(60.seconds) {
                        var confirmed = 0
                        client.prepareRequest { url("wss://localhost:${server.port}/") }.body<ClientWebSocketSession, Unit> { session ->
                            while (true) {
                                session.outgoing.send(Frame.Binary(true, ByteArray(RECORD)))
                                withTimeoutOrNull(300.milliseconds) { session.flush() } ?: break
                                confirmed++
                            }
                        }
                        awaitDescriptors(0, server.port) // closed, a second after its call
                        isOver.countDown()
                        assertTrue(arrived.await() >= confirmed)
                    }
                }
            }
        }
    }

    private companion object {
        const val MANY = 1_000
        const val RECORD = 16_000
    }
}
