package dev.wspool.ktor.engine.tls

import dev.wspool.Message
import dev.wspool.TransportConfig
import dev.wspool.ktor.TestKeys
import dev.wspool.ktor.internal.OwnEngineConnector
import dev.wspool.ktor.rule
import dev.wspool.test.PeerFrame
import dev.wspool.test.ScriptedServer
import org.junit.jupiter.api.Test
import java.security.MessageDigest
import java.util.Base64
import kotlin.test.assertEquals

/** A proxy that ends TLS may put the answer to the upgrade and what the server says next into one record. */
class FirstRecordTest {
    @Test
    fun messageInTheRecordOfTheAnswerIsRead() {
        val keys = TestKeys.selfSigned("localhost")
        for (size in listOf(1, 5, 100, 3_000)) {
            ScriptedServer(keys.serverSocket(), "wss", {
                write(upgradeFor(header("Sec-WebSocket-Key")!!) + textFrame("a".repeat(size)) + textFrame("second"))
                send(receive())
                awaitEnd()
            }).use { server ->
                rule(OwnEngineConnector(TransportConfig { tls { trust(keys.certificate) } })) {
                    val link = open("wss://localhost:${server.port}/")
                    assertEquals(Message.Text("a".repeat(size)), link.listener.awaitMessage())
                    assertEquals(Message.Text("second"), link.listener.awaitMessage())
                    link.connection.send(Message.Text("third"))
                    assertEquals(Message.Text("third"), link.listener.awaitMessage())
                }
            }
        }
    }

    private fun upgradeFor(key: String): ByteArray {
        val hash = MessageDigest.getInstance("SHA-1").digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").toByteArray())
        val accept = Base64.getEncoder().encodeToString(hash)
        return "HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: $accept\r\n\r\n".toByteArray()
    }

    private fun textFrame(text: String): ByteArray {
        val payload = PeerFrame.text(text).payload
        val size = payload.size
        val length = if (size < 126) byteArrayOf(size.toByte()) else byteArrayOf(126, (size shr 8).toByte(), size.toByte())
        return byteArrayOf(0x81.toByte()) + length + payload
    }
}
