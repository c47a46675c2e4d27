package dev.wspool.ktor.engine.loop

import dev.wspool.ktor.engine.tls.Received
import dev.wspool.ktor.engine.tls.ScriptedEngine
import dev.wspool.ktor.engine.tls.TlsBuffers
import dev.wspool.ktor.engine.tls.TlsLayer
import org.junit.jupiter.api.Test
import java.nio.ByteBuffer
import javax.net.ssl.SSLEngineResult.HandshakeStatus
import javax.net.ssl.SSLEngineResult.Status
import kotlin.test.assertEquals

/** What the loop does for TLS while the socket takes nothing. */
class SecurityTest {
    private val engine = ScriptedEngine()
    private val layer = TlsLayer(engine, TlsBuffers())
    private val socket = NioSocket(EventLoop("unused"), Shared()) // it has no encryption, and so wraps nothing
    private val security = Security(layer, socket, socket.loop, Runnable::run) { true }

    /** The engine wants to answer, and cannot: the loop has others to look after (RFC 8446, 4.6.3). */
    @Test
    fun keyUpdateWhoseAnswerTheSocketDoesNotTakeIsLeft() {
        engine.unwraps(Status.OK, HandshakeStatus.FINISHED, consumed = 10)
        engine.status = HandshakeStatus.NEED_WRAP
        engine.unwraps(Status.BUFFER_UNDERFLOW, HandshakeStatus.NEED_WRAP)
        assertEquals(Received.Hungry, security.receive(ByteBuffer.allocate(10)))
    }

    @Test
    fun handshakeWhoseAnswerTheSocketDoesNotTakeWaitsForIt() {
        engine.status = HandshakeStatus.NEED_WRAP
        engine.unwraps(Status.OK, HandshakeStatus.NEED_WRAP, consumed = 10)
        assertEquals(Received.Wrap, security.receive(ByteBuffer.allocate(10)))
    }
}
