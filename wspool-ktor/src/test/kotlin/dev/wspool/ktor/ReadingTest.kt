package dev.wspool.ktor

import dev.wspool.CloseInfo
import dev.wspool.ConnectionLostException
import dev.wspool.Endpoint
import dev.wspool.Message
import dev.wspool.MessageTooBigException
import dev.wspool.test.PeerFrame
import dev.wspool.test.PeerFrame.Companion.BINARY
import dev.wspool.test.PeerFrame.Companion.CLOSE
import dev.wspool.test.PeerFrame.Companion.CONTINUATION
import dev.wspool.test.PeerFrame.Companion.PING
import dev.wspool.test.PeerFrame.Companion.PONG
import dev.wspool.test.PeerFrame.Companion.TEXT
import dev.wspool.test.PeerWire
import dev.wspool.test.PeerWire.Companion.FIN
import dev.wspool.test.PeerWire.Companion.RSV1
import dev.wspool.test.ScriptedServer
import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import io.ktor.client.plugins.websocket.WebSockets
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertTrue

/** What a peer may send, and what its connection then does though Ktor would not. */
class ReadingTest {
    @Test
    fun pingsAreAnsweredWhileSendersWaitForAPeerThatReadsSlowly() {
        val payload = "are you there".toByteArray()
        ScriptedServer {
            upgrade()
            frame(FIN or PING, payload)
            assertContentEquals(payload, receive(PONG).payload)
            text("pong has come")
            awaitEnd()
        }.use { server ->
            rule {
                val link = open(server.url)
                val sender = launch { runCatching { link.connection.send(Message.Binary(ByteArray(32 shl 20))) } }
                assertEquals(Message.Text("pong has come"), link.listener.awaitMessage())
                link.connection.abort()
                sender.join()
            }
        }
    }

    @Test
    fun manyPingsOfAPeerThatDoesNotReadAreAnsweredWithTheNewest() = ScriptedServer {
        upgrade()
        repeat(5_000) { frame(FIN or PING, "$it".toByteArray()) }
        text("all sent")
        while (receive(PONG).payload.decodeToString() != "4999") continue
        text("newest answered")
        awaitEnd()
    }.use { server ->
        rule {
            val link = open(server.url)
            assertEquals(Message.Text("all sent"), link.listener.awaitMessage())
            assertEquals(Message.Text("newest answered"), link.listener.awaitMessage())
        }
    }

    @Test
    fun compressedFrameEndsTheConnectionAndNamesTheDeflatePlugin() = ScriptedServer {
        upgrade()
        frame(FIN or RSV1 or TEXT, byteArrayOf(1, 2, 3))
        text("${receive(CLOSE)}")
    }.use { server ->
        rule {
            val link = open(server.url)
            assertEquals(CloseInfo.PROTOCOL_ERROR, link.listener.awaitClosed().code)
            val cause = assertIs<ConnectionLostException>(link.listener.closedCause)
            assertTrue("WebSocketDeflateExtension" in cause.message.orEmpty(), cause.message)
        }
    }

    @Test
    fun violationsAreToldToThePeerWithTheirCode() {
        val told = listOf<Pair<Int, PeerWire.() -> Unit>>(
            1002 to { frame(FIN or CONTINUATION) },
            1002 to { frame(TEXT); frame(FIN or BINARY) },
            1002 to { frame(FIN or 3) },
            1002 to { frame(FIN or CLOSE, byteArrayOf(3)) },
            1002 to { send(PeerFrame.close(1005)) },
            1007 to { frame(FIN or CLOSE, PeerFrame.close(1000).payload + 0xFF.toByte()) },
            1007 to { frame(TEXT, byteArrayOf(0xC3.toByte())); frame(FIN or CONTINUATION, byteArrayOf(0x28)) },
            1009 to { frame(FIN or BINARY, ByteArray(1_001)) },
            1009 to { frame(BINARY, ByteArray(600)); frame(FIN or CONTINUATION, ByteArray(401)) },
        )
        for ((code, wrong) in told) {
            val heard = CompletableDeferred<Int>()
            ScriptedServer {
                upgrade()
                wrong()
                heard.complete(receive(CLOSE).closeCode)
                awaitEnd()
            }.use { server ->
                HttpClient(CIO) { install(WebSockets) { maxFrameSize = 1_000 } }.use { client ->
                    rule(CioConnector(client)) {
                        val link = open(server.url)
                        assertEquals(code, heard.await())
                        assertEquals(code, link.listener.awaitClosed().code)
                        if (code == 1009) assertEquals(1_000, assertIs<MessageTooBigException>(link.listener.closedCause).limit)
                        assertEquals(emptyList(), link.listener.messages)
                        server.awaitNoneOpen()
                    }
                }
            }
        }
    }

    @Test
    fun replacementCharacterThatThePeerSentIsText() = ScriptedServer {
        upgrade()
        text("\uFFFD is a character")
        awaitEnd()
    }.use { server -> rule { assertEquals(Message.Text("\uFFFD is a character"), open(server.url).listener.awaitMessage()) } }

    @Test
    fun listenerThatThrowsEndsItsConnection() = ScriptedServer { upgrade(); text("boom"); awaitEnd() }.use { server ->
        rule {
            val listener = listener().also { it.onReceive = { error("secret=hunter2") } }
            connector.connect(Endpoint("${server.url}?secret=hunter2"), listener)
            assertEquals(CloseInfo(CloseInfo.ABNORMAL), listener.awaitClosed())
            assertFalse("hunter2" in listener.closedCause?.stackTraceToString().orEmpty())
            server.awaitNoneOpen()
        }
    }
}
