package dev.wspool.ktor.engine.tls

import dev.wspool.TransportConfig
import dev.wspool.ktor.TestKeys
import dev.wspool.ktor.internal.OwnEngineConnector
import dev.wspool.ktor.rule
import dev.wspool.test.PeerFrame
import dev.wspool.test.PeerFrame.Companion.CLOSE
import dev.wspool.test.ScriptedServer
import kotlinx.coroutines.CompletableDeferred
import org.junit.jupiter.api.Test
import java.io.ByteArrayOutputStream
import java.net.Socket
import java.nio.ByteBuffer
import kotlin.concurrent.thread
import kotlin.test.assertEquals

/** What goes over the wire last, seen by one between: the JDK's server takes an end without close_notify for one in order. */
class TlsGoodbyeTest {
    @Test
    fun connectionThatEndsInOrderSaysSoInTls() {
        val keys = TestKeys.selfSigned("localhost")
        val said = CompletableDeferred<List<Int>>()
        ScriptedServer(keys.serverSocket(protocol = "TLSv1.2"), "wss", {
            upgrade()
            send(PeerFrame.close(4000))
            receive(CLOSE)
            awaitEnd()
        }).use { server ->
            ScriptedServer {
                val sent = ByteArrayOutputStream()
                Socket("127.0.0.1", server.port).use { onward ->
                    thread(isDaemon = true) { runCatching { onward.getInputStream().copyTo(socket.getOutputStream()) } }
                    val bytes = ByteArray(1024)
                    while (true) {
                        val count = socket.getInputStream().read(bytes)
                        if (count < 0) break
                        sent.write(bytes, 0, count)
                        onward.getOutputStream().write(bytes, 0, count)
                    }
                }
                said.complete(recordTypes(sent.toByteArray()))
            }.use { between ->
                rule(OwnEngineConnector(TransportConfig { tls { trust(keys.certificate) } })) {
                    assertEquals(4000, open("wss://localhost:${between.port}/").listener.awaitClosed().code)
                    assertEquals(ALERT, said.await().last())
                }
            }
        }
    }

    /** RFC 5246, 6.2.1: a type, a version of two bytes, a length of two, and so much of what is encrypted. */
    private fun recordTypes(bytes: ByteArray): List<Int> {
        val records = ByteBuffer.wrap(bytes)
        return generateSequence {
            if (!records.hasRemaining()) return@generateSequence null
            val type = records.get().toInt()
            records.short
            val length = records.short.toInt() and 0xffff
            records.position(records.position() + length)
            type
        }.toList()
    }

    private companion object {
        const val ALERT = 21
    }
}
