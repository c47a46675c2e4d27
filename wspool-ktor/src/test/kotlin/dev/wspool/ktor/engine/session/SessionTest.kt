package dev.wspool.ktor.engine.session

import dev.wspool.CloseInfo
import dev.wspool.ktor.engine.WebSocketsEngine
import dev.wspool.ktor.interop.NettyPeer
import dev.wspool.test.PeerFrame
import dev.wspool.test.PeerFrame.Companion.BINARY
import dev.wspool.test.PeerFrame.Companion.CLOSE
import dev.wspool.test.PeerFrame.Companion.CONTINUATION
import dev.wspool.test.PeerFrame.Companion.PING
import dev.wspool.test.PeerFrame.Companion.PONG
import dev.wspool.test.PeerFrame.Companion.TEXT
import dev.wspool.test.PeerWire.Companion.FIN
import dev.wspool.test.Scripts
import io.ktor.client.HttpClient
import io.ktor.client.plugins.websocket.WebSockets
import io.ktor.client.plugins.websocket.webSocket
import io.ktor.websocket.CloseReason
import io.ktor.websocket.Frame
import io.ktor.websocket.FrameTooBigException
import io.ktor.websocket.WebSocketDeflateExtension
import io.ktor.websocket.close
import io.ktor.websocket.readBytes
import io.ktor.websocket.send
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.channels.ClosedReceiveChannelException
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import java.io.IOException
import java.util.concurrent.atomic.AtomicInteger
import kotlin.random.Random
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds

/** What Ktor's default sessions do on our engine. */
class SessionTest {
    @Test
    fun messagesOfAnySizeComeBack() = session(Scripts.echo) {
        for (size in listOf(0, 1, 125, 126, 65_535, 65_536, 4 shl 20)) {
            val bytes = Random(size).nextBytes(size)
            send(bytes)
            assertContentEquals(bytes, incoming.receive().readBytes())
        }
    }

    @Test
    fun fragmentsAreJoinedWithAPingBetweenThem() = session({
        upgrade()
        frame(TEXT, "one ".toByteArray())
        frame(FIN or PING, "p".toByteArray())
        frame(CONTINUATION, "two ".toByteArray())
        frame(FIN or CONTINUATION, "three".toByteArray())
        text("ponged " + receive(PONG).payload.decodeToString())
        Scripts.echo(this)
    }) {
        assertEquals("one two three", text())
        assertEquals("ponged p", text())
    }

    @Test
    fun fragmentsOfTheUsersGoOutAsTheyAre() = session({
        upgrade()
        text(List(3) { receive() }.joinToString { "${it.opcode} ${it.isFinal}" })
        Scripts.echo(this)
    }) {
        for (number in 1..3) outgoing.send(Frame.Binary(number == 3, ByteArray(3)))
        assertEquals("$BINARY false, $CONTINUATION false, $CONTINUATION true", text())
    }

    @Test
    fun pingsOfKtorsAreSent() = session({
        upgrade()
        repeat(3) { reply(receive(PING)) }
        text("alive")
        Scripts.echo(this)
    }, { pingIntervalMillis = 50 }) { assertEquals("alive", text()) }

    @Test
    fun silentPeerIsFoundOutByPingsOfKtors() = session(Scripts.halfOpen { awaitEnd() }, { pingIntervalMillis = 50 }) {
        assertFailsWith<IOException> { incoming.receive() }
        assertEquals(CloseReason.Codes.INTERNAL_ERROR.code, closeReason.await()?.code)
    }

    @Test
    fun closeOfThePeerIsToldAndAnswered() {
        val answer = CompletableDeferred<Int>()
        session({
            upgrade()
            send(PeerFrame.close(4001, "enough"))
            answer.complete(receive(CLOSE).code)
        }) {
            assertFailsWith<ClosedReceiveChannelException> { incoming.receive() }
            assertEquals(CloseReason(4001, "enough"), closeReason.await())
            assertEquals(4001, answer.await())
        }
    }

    @Test
    fun ownCloseIsSentBehindAllThatWasSentBefore() {
        val seen = CompletableDeferred<List<Int>>()
        session({
            upgrade()
            seen.complete(frames().map { it.opcode }.takeWhile { it != CLOSE }.toList())
            send(PeerFrame.close(1000))
        }) {
            repeat(100) { send(ByteArray(10_000)) }
            close(CloseReason(CloseReason.Codes.NORMAL, "done"))
        }
        runBlocking { assertEquals(List(100) { BINARY }, seen.await()) }
    }

    @Test
    fun endWithoutACloseIsAbnormal() = session(Scripts.endWithoutClose) {
        assertFailsWith<ClosedReceiveChannelException> { incoming.receive() }
        assertEquals(CloseInfo.ABNORMAL.toShort(), closeReason.await()?.code)
    }

    @Test
    fun frameAboveTheBoundIsRefusedBeforeItIsRead() {
        val answer = CompletableDeferred<Int>()
        session({
            upgrade()
            frame(FIN or BINARY, ByteArray(2_000), size = 4)
            answer.complete(receive(CLOSE).code)
        }, { maxFrameSize = 1_999 }) {
            assertFailsWith<FrameTooBigException> { incoming.receive() }
            assertEquals(1009, answer.await())
        }
    }

    @Test
    fun boundedIncomingChannelHoldsThePeerBack() {
        val sent = AtomicInteger()
        session({
            upgrade()
            repeat(MANY) {
                frame(FIN or BINARY, ByteArray(SIZE))
                sent.incrementAndGet()
            }
            Scripts.echo(this)
        }, { channels { incoming = bounded(2) } }) {
            var before = -1
            while (sent.get() != before) {
                before = sent.get()
                delay(300.milliseconds) // not for a result: so that the buffers of both kernels fill
            }
            assertTrue(before < MANY, "All $before frames were taken, with nobody to read them")
            repeat(MANY) { assertEquals(SIZE, incoming.receive().data.size) }
        }
    }

    @Test
    fun deflateExtensionIsAgreedOnWithNetty() = NettyPeer().use { netty ->
        netty.start()
        HttpClient(WebSocketsEngine) { install(WebSockets) { extensions { install(WebSocketDeflateExtension) } } }.use { client ->
            runBlocking {
                client.webSocket(netty.address("/wire/1")) {
                    send("all work and no play ".repeat(5_000))
                    assertTrue(text().toInt() < 10_000)
                }
                client.webSocket(netty.address("/echo/2")) {
                    for (number in 0..40) {
                        send("$number ".repeat(number * number))
                        assertEquals("$number ".repeat(number * number), text())
                    }
                }
            }
        }
    }

    private companion object {
        const val MANY = 512
        const val SIZE = 64 * 1024
    }
}
