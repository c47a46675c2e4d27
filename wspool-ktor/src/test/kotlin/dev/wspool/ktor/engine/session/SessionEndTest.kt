package dev.wspool.ktor.engine.session

import dev.wspool.ktor.awaitDescriptors
import dev.wspool.test.PeerFrame
import dev.wspool.test.PeerFrame.Companion.BINARY
import dev.wspool.test.PeerFrame.Companion.PING
import dev.wspool.test.PeerWire.Companion.FIN
import dev.wspool.test.Scripts
import io.ktor.client.plugins.websocket.ClientWebSocketSession
import io.ktor.client.plugins.websocket.webSocket
import io.ktor.client.plugins.websocket.webSocketSession
import io.ktor.client.request.prepareRequest
import io.ktor.client.request.url
import io.ktor.websocket.CloseReason
import io.ktor.websocket.Frame
import io.ktor.websocket.close
import io.ktor.websocket.readReason
import io.ktor.websocket.readText
import io.ktor.websocket.send
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancel
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds

/** How sessions on our engine end: with their call, whoever ends that, and with nothing left. */
class SessionEndTest {
    @Test
    fun rawSessionSeesControlFramesAndAnswersThemItself() = clientOf({
        upgrade()
        frame(FIN or PING, "p".toByteArray())
        text(receive().payload.decodeToString())
        send(PeerFrame.close(4000, "bye"))
        awaitEnd()
    }) { client, server ->
        client.prepareRequest { url(server.url) }.body<ClientWebSocketSession, Unit> { session ->
            assertEquals("p", session.incoming.receive().data.decodeToString())
            session.send("answer")
            assertEquals("answer", (session.incoming.receive() as Frame.Text).readText())
            assertEquals(CloseReason(4000, "bye"), (session.incoming.receive() as Frame.Close).readReason())
            assertTrue(session.incoming.receiveCatching().isClosed)
        }
        server.awaitNoneOpen()
    }

    @Test
    fun sessionEndsWithItsCaller() = clientOf(Scripts.listen) { client, server ->
        val open = CompletableDeferred<Unit>()
        val caller = CoroutineScope(Dispatchers.Default).launch {
            client.webSocket(server.url) {
                open.complete(Unit)
                incoming.receive()
            }
        }
        open.await()
        caller.cancelAndJoin()
        server.awaitNoneOpen()
        awaitDescriptors(0, server.port)
    }

    @Test
    fun sessionThatIsCancelledEnds() = clientOf(Scripts.listen) { client, server ->
        client.webSocketSession(server.url).cancel()
        client.webSocketSession { url(server.url) }.close()
        server.awaitNoneOpen()
        awaitDescriptors(0, server.port)
    }

    @Test
    fun rawSessionThatIsCancelledEndsBeforeItsCall() = clientOf(Scripts.listen) { client, server ->
        client.prepareRequest { url(server.url) }.body<ClientWebSocketSession, Unit> { session ->
            session.cancel()
            server.awaitNoneOpen()
        }
    }

    /** Who has a raw session may hold it for long after the Close. */
    @Test
    fun peerThatHasSaidCloseAndDoesNotHangUpIsHungUpOn() = clientOf({
        upgrade()
        send(PeerFrame.close(4000))
        awaitEnd()
    }) { client, server ->
        client.prepareRequest { url(server.url) }.body<ClientWebSocketSession, Unit> { session ->
            assertEquals(4000, (session.incoming.receive() as Frame.Close).readReason()?.code)
            server.awaitNoneOpen()
        }
    }

    /** Also what is in the queue when the block returns. */
    @Test
    fun whatWasSentBeforeTheEndArrives() {
        val arrived = CompletableDeferred<Int>()
        clientOf({
            upgrade()
            arrived.complete(frames().sumOf { it.payload.size })
        }) { client, server ->
            client.prepareRequest { url(server.url) }.body<ClientWebSocketSession, Unit> { session ->
                repeat(FRAMES) { session.outgoing.send(Frame.Binary(true, ByteArray(SIZE))) }
            }
            assertEquals(FRAMES * SIZE, arrived.await())
        }
    }

    @Test
    fun sessionThatIsStuckEndsWithItsCaller() = clientOf(Scripts.halfOpen()) { client, server ->
        withTimeoutOrNull(500.milliseconds) { client.webSocket(server.url) { send(ByteArray(LARGE)) } }
        awaitDescriptors(0, server.port)
    }

    /** What was sent is owed to nobody who does not read it. */
    @Test
    fun sessionWhoseCallHasEndedDoesNotWaitForEverForAPeerThatDoesNotRead() = clientOf(Scripts.halfOpen()) { client, server ->
        client.prepareRequest { url(server.url) }.body<ClientWebSocketSession, Unit> { it.send(ByteArray(LARGE)) }
        awaitDescriptors(0, server.port)
    }

    @Test
    fun sessionsOfAClientThatIsClosedGoOnUntilTheirEnd() = clientOf(Scripts.echo) { client, server ->
        val session = client.webSocketSession(server.url)
        client.close()
        session.send("still here")
        assertEquals("still here", session.text())
        session.close()
        server.awaitNoneOpen()
        client.coroutineContext.job.join()
    }

    private companion object {
        const val FRAMES = 200
        const val SIZE = 100_000

        /** More than the kernel's buffers. */
        const val LARGE = 32 shl 20
    }
}
