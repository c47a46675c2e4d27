package dev.wspool.ktor.engine.tls

import dev.wspool.Message
import dev.wspool.TransportConfig
import dev.wspool.ktor.TestKeys
import dev.wspool.ktor.internal.OwnEngineConnector
import dev.wspool.ktor.rule
import dev.wspool.test.PeerFrame.Companion.BINARY
import dev.wspool.test.PeerFrame.Companion.TEXT
import dev.wspool.test.PeerWire.Companion.FIN
import dev.wspool.test.ScriptedServer
import org.junit.jupiter.api.Test
import javax.net.ssl.SSLSocket
import kotlin.test.assertEquals

/** A server of TLS 1.2 that asks for a second handshake on an open connection, as those do that want a certificate for one path alone. */
class TlsRenegotiationTest {
    @Test
    fun connectionGoesOnThroughAHandshakeThatTheServerAsksFor() {
        val keys = TestKeys.selfSigned("localhost")
        ScriptedServer(keys.serverSocket(protocol = "TLSv1.2"), "wss", {
            upgrade()
            repeat(ROUNDS) {
                frame(FIN or BINARY, ByteArray(SIZE))
                (socket as SSLSocket).apply {
                    session.invalidate()
                    startHandshake()
                }
                send(receive(TEXT))
                send(receive(BINARY))
            }
            awaitEnd()
        }).use { server ->
            rule(OwnEngineConnector(TransportConfig { tls { trust(keys.certificate) } })) {
                val link = open("wss://localhost:${server.port}/")
                repeat(ROUNDS) { round ->
                    link.connection.send(Message.Text("$round"))
                    link.connection.send(Message.Binary(ByteArray(SIZE) { round.toByte() }))
                    assertEquals(Message.Binary(ByteArray(SIZE)), link.listener.awaitMessage())
                    assertEquals(Message.Text("$round"), link.listener.awaitMessage())
                    assertEquals(Message.Binary(ByteArray(SIZE) { round.toByte() }), link.listener.awaitMessage())
                }
                link.connection.abort()
            }
        }
    }

    private companion object {
        const val ROUNDS = 5

        /** Less than a message that goes out in fragments. */
        const val SIZE = 50_000
    }
}
