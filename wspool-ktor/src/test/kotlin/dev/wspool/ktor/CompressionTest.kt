package dev.wspool.ktor

import dev.wspool.CloseInfo
import dev.wspool.Compression
import dev.wspool.HandshakeFailedException
import dev.wspool.Message
import dev.wspool.MessageTooBigException
import dev.wspool.TransportConfig
import dev.wspool.ktor.internal.OwnEngineConnector
import dev.wspool.test.PeerFrame
import dev.wspool.test.PeerFrame.Companion.BINARY
import dev.wspool.test.PeerFrame.Companion.CONTINUATION
import dev.wspool.test.PeerFrame.Companion.TEXT
import dev.wspool.test.PeerWire.Companion.FIN
import dev.wspool.test.PeerWire.Companion.RSV1
import dev.wspool.test.ScriptedServer
import dev.wspool.transport.PerMessageDeflate
import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import io.ktor.client.plugins.websocket.WebSockets
import io.ktor.server.application.install
import io.ktor.server.routing.routing
import io.ktor.server.websocket.webSocket
import io.ktor.websocket.Frame
import io.ktor.websocket.WebSocketDeflateExtension
import io.ktor.websocket.readText
import io.ktor.websocket.send
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Test
import java.util.zip.Deflater
import kotlin.random.Random
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue
import io.ktor.server.websocket.WebSockets as ServerWebSockets

/** Compressed messages (RFC 7692) on the wire. */
class CompressionTest {
    @Test
    fun nothingIsOfferedWhereNothingIsAskedFor() = ScriptedServer {
        assertNull(header("Sec-WebSocket-Extensions"))
        upgrade()
        awaitEnd()
    }.use { server -> rule { open(server.url) } }

    @Test
    fun messagesAreCompressedBothWaysWhereTheServerAgrees() = ScriptedServer {
        assertEquals("permessage-deflate; client_no_context_takeover", header("Sec-WebSocket-Extensions"))
        upgrade(mapOf(EXTENSIONS to "permessage-deflate; client_no_context_takeover"))
        val here = PerMessageDeflate.accept(Compression(), listOf("permessage-deflate; client_no_context_takeover"), 1 shl 20)!!
        frame(FIN or RSV1 or TEXT, here.deflate(LONG.encodeToByteArray())!!)
        frame(FIN or TEXT, "short".encodeToByteArray())
        val sent = receive(mayBeCompressed = true)
        assertTrue(sent.isCompressed)
        assertEquals(LONG, here.inflate(sent.payload).decodeToString())
        assertFalse(receive(mayBeCompressed = true).isCompressed, "what is short goes as it is")
        awaitEnd()
    }.use { server ->
        rule(compressing()) {
            val link = open(server.url)
            assertEquals(Message.Text(LONG), link.listener.awaitMessage())
            assertEquals(Message.Text("short"), link.listener.awaitMessage())
            link.connection.send(Message.Text(LONG))
            link.connection.send(Message.Text("short"))
        }
    }

    /** RFC 7692, 6; what the server receives is checked for reserved bits. */
    @Test
    fun firstFragmentAloneSaysThatAMessageIsCompressed() {
        val text = Random(1).nextBytes(200_000).joinToString("") { "%02x".format(it) } // remains larger than a fragment
        ScriptedServer {
            upgrade(mapOf(EXTENSIONS to "permessage-deflate; client_no_context_takeover"))
            val fragments = mutableListOf(receive(mayBeCompressed = true))
            while (!fragments.last().isFinal) fragments += receive()
            assertTrue(fragments.size > 2 && fragments.first().isCompressed, "${fragments.size} fragments")
            text("whole")
            awaitEnd()
        }.use { server ->
            rule(compressing()) {
                val link = open(server.url)
                link.connection.send(Message.Text(text))
                assertEquals(Message.Text("whole"), link.listener.awaitMessage())
                link.connection.abort()
            }
        }
    }

    @Test
    fun serverThatDeclinesIsTalkedToWithoutCompression() = ScriptedServer {
        upgrade()
        assertContentEquals(LONG.encodeToByteArray(), receive(TEXT).payload)
        frame(FIN or RSV1 or TEXT, byteArrayOf(1))
        assertEquals(CloseInfo.PROTOCOL_ERROR, receive(PeerFrame.CLOSE).closeCode)
        awaitEnd()
    }.use { server ->
        rule(compressing()) {
            val link = open(server.url)
            link.connection.send(Message.Text(LONG))
            assertEquals(CloseInfo.PROTOCOL_ERROR, link.listener.awaitClosed().code)
        }
    }

    @Test
    fun answerThatTheOfferDoesNotAllowFailsTheHandshake() = ScriptedServer {
        upgrade(mapOf(EXTENSIONS to "permessage-deflate; client_max_window_bits=10; hunter2"))
        awaitEnd()
    }.use { server ->
        rule(compressing()) {
            val failure = assertFailsWith<HandshakeFailedException> { open(server.url) }
            assertEquals(
                "${server.url} answered the WebSocket handshake wrongly: The server's Sec-WebSocket-Extensions sets " +
                    "client_max_window_bits, which was not offered",
                failure.message,
            )
        }
    }

    @Test
    fun compressedMessageMayComeInFragmentsOfWhichTheFirstSaysSo() = ScriptedServer {
        upgrade(mapOf(EXTENSIONS to "permessage-deflate"))
        val payload = deflated(LONG.encodeToByteArray())
        frame(RSV1 or TEXT, payload.copyOfRange(0, 10))
        frame(FIN or PeerFrame.PING, byteArrayOf(1))
        frame(FIN or CONTINUATION, payload.copyOfRange(10, payload.size))
        frame(TEXT, "half".encodeToByteArray())
        frame(FIN or RSV1 or CONTINUATION, payload)
        assertEquals(CloseInfo.PROTOCOL_ERROR, receive(PeerFrame.CLOSE).closeCode)
        awaitEnd()
    }.use { server ->
        rule(compressing()) {
            val link = open(server.url)
            assertEquals(Message.Text(LONG), link.listener.awaitMessage())
            assertEquals(CloseInfo.PROTOCOL_ERROR, link.listener.awaitClosed().code)
        }
    }

    /** A megabyte that would inflate to a gigabyte, of which no more than the bound is ever in memory. */
    @Test
    fun bombIsRefused() = ScriptedServer {
        upgrade(mapOf(EXTENSIONS to "permessage-deflate"))
        frame(FIN or RSV1 or BINARY, deflated(ByteArray(1_000_000)))
        assertEquals(CloseInfo.MESSAGE_TOO_BIG, receive(PeerFrame.CLOSE).closeCode)
        awaitEnd()
    }.use { server ->
        rule(OwnEngineConnector(TransportConfig { compression = Compression(); maxMessageSize = 100_000 })) {
            val link = open(server.url)
            assertEquals(CloseInfo.MESSAGE_TOO_BIG, link.listener.awaitClosed().code)
            val cause = assertIs<MessageTooBigException>(link.listener.closedCause)
            assertEquals("A message of more than 100000 bytes has been received (maxMessageSize)", cause.message)
        }
    }

    @Test
    fun payloadThatIsNotDeflatedEndsTheConnection() = ScriptedServer {
        upgrade(mapOf(EXTENSIONS to "permessage-deflate"))
        frame(FIN or RSV1 or BINARY, ByteArray(20) { -1 })
        assertEquals(CloseInfo.INVALID_PAYLOAD, receive(PeerFrame.CLOSE).closeCode)
        awaitEnd()
    }.use { server ->
        rule(compressing()) { assertEquals(CloseInfo.INVALID_PAYLOAD, open(server.url).listener.awaitClosed().code) }
    }

    @Test
    fun messagesGoToKtorsOwnServerAndBackWhoeverTakesOverWhat() = ktorServer({
        install(ServerWebSockets) { extensions { install(WebSocketDeflateExtension) } }
        routing { webSocket("/echo") { for (frame in incoming) if (frame is Frame.Text) send(frame.readText()) } }
    }) { url ->
        val other = Compression(minSize = 0, clientNoContextTakeover = false, serverNoContextTakeover = true)
        for (compression in listOf(Compression(), other)) {
            HttpClient(CIO) { install(WebSockets) }.use { client ->
                rule(CioConnector(client, TransportConfig { this.compression = compression })) {
                    val link = open("$url/echo")
                    val texts = List(200) { "$it ".repeat(50 * it) }
                    val sends = launch { texts.forEach { link.connection.send(Message.Text(it)) } }
                    for (text in texts) assertEquals(Message.Text(text), link.listener.awaitMessage())
                    sends.join()
                    link.connection.close(1000, "done")
                    assertEquals(CloseInfo(1000, "done"), link.listener.awaitClosed())
                }
            }
        }
    }

    private fun compressing() = OwnEngineConnector(TransportConfig { compression = Compression() })

    /** As RFC 7692, 7.2.1 says, by the JDK alone. */
    private fun deflated(bytes: ByteArray): ByteArray {
        val deflater = Deflater(9, true)
        deflater.setInput(bytes)
        val buffer = ByteArray(bytes.size + 64)
        val size = deflater.deflate(buffer, 0, buffer.size, Deflater.SYNC_FLUSH)
        deflater.end()
        return buffer.copyOf(size - 4)
    }

    private companion object {
        const val EXTENSIONS = "Sec-WebSocket-Extensions"
        val LONG = "all work and no play makes Jack a dull boy ".repeat(100)
    }
}
