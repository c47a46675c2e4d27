package dev.wspool.ktor.engine.tls

import org.junit.jupiter.api.Test
import java.nio.ByteBuffer
import javax.net.ssl.SSLEngineResult.HandshakeStatus
import javax.net.ssl.SSLEngineResult.Status
import javax.net.ssl.SSLException
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertSame
import kotlin.test.assertTrue

/** What an engine may do by its contract and the JDK's does seldom: a scripted one does it here. */
class TlsPitfallsTest {
    private val engine = ScriptedEngine()
    private val buffers = TlsBuffers()
    private val layer = TlsLayer(engine, buffers)
    private val heard = ArrayList<Int>()
    private val onPlain: (ByteBuffer) -> Boolean = { bytes ->
        heard += bytes.remaining()
        bytes.position(bytes.limit())
        true
    }

    @Test
    fun handshakeIsDoneInsideUnwrapWithDataBehindIt() {
        engine.unwraps(Status.OK, HandshakeStatus.FINISHED, consumed = 10)
        engine.unwraps(Status.OK, HandshakeStatus.NOT_HANDSHAKING, consumed = 5, produced = 3)
        engine.unwraps(Status.BUFFER_UNDERFLOW, HandshakeStatus.NOT_HANDSHAKING)
        assertEquals(Received.Hungry, layer.receive(ByteBuffer.allocate(16), onPlain))
        assertTrue(layer.isEstablished)
        assertEquals(listOf(3), heard)
    }

    /** `FINISHED` hides what comes next, here session tickets. */
    @Test
    fun handshakeIsDoneInsideWrapWithMoreToSayBehindIt() {
        engine.status = HandshakeStatus.NEED_WRAP
        engine.wraps(Status.OK, HandshakeStatus.FINISHED, produced = 10)
        engine.wraps(Status.OK, HandshakeStatus.NOT_HANDSHAKING, produced = 20)
        val cipher = ByteBuffer.allocate(100)
        assertEquals(Wrapped.Done, layer.wrap(TlsServer.EMPTY, cipher))
        assertEquals(30, cipher.position())
        assertTrue(layer.isEstablished)
    }

    @Test
    fun recordsWithoutDataAreNotHandedOut() {
        repeat(100) { engine.unwraps(Status.OK, HandshakeStatus.NOT_HANDSHAKING, consumed = 1) }
        engine.unwraps(Status.OK, HandshakeStatus.NOT_HANDSHAKING, consumed = 1, produced = 1)
        engine.unwraps(Status.BUFFER_UNDERFLOW, HandshakeStatus.NOT_HANDSHAKING)
        assertEquals(Received.Hungry, layer.receive(ByteBuffer.allocate(101), onPlain))
        assertEquals(listOf(1), heard)
        assertEquals(0, buffers.taken)
    }

    /** The JDK's engine says so where a peer sends records longer than the standard's (`SSLSessionImpl.expandBufferSizes`). */
    @Test
    fun plaintextGetsMoreRoomWhenTheEngineAsksForIt() {
        engine.applicationSize = 40_000
        engine.unwraps(Status.BUFFER_OVERFLOW, HandshakeStatus.NOT_HANDSHAKING, room = TlsBuffers.SIZE)
        engine.unwraps(Status.OK, HandshakeStatus.NOT_HANDSHAKING, consumed = 8, produced = 39_000, room = 40_000)
        engine.unwraps(Status.BUFFER_UNDERFLOW, HandshakeStatus.NOT_HANDSHAKING)
        layer.receive(ByteBuffer.allocate(8), onPlain)
        assertEquals(listOf(39_000), heard)
        assertEquals(0, buffers.taken)
    }

    @Test
    fun plaintextGetsMoreRoomEvenWhereTheEngineSaysThatThereIsEnough() {
        engine.applicationSize = 16_000
        engine.unwraps(Status.BUFFER_OVERFLOW, HandshakeStatus.NOT_HANDSHAKING, room = TlsBuffers.SIZE)
        engine.unwraps(Status.BUFFER_UNDERFLOW, HandshakeStatus.NOT_HANDSHAKING, room = 2 * TlsBuffers.SIZE)
        assertEquals(Received.Hungry, layer.receive(ByteBuffer.allocate(8), onPlain))
    }

    /** Only DTLS needs that, but an engine that asks for it must not turn the loop into a spin. */
    @Test
    fun engineThatWantsAnotherTurnForNothingGetsNone() {
        val again = HandshakeStatus.values().firstOrNull { it.name == "NEED_UNWRAP_AGAIN" } ?: HandshakeStatus.NEED_UNWRAP
        engine.unwraps(Status.OK, again)
        assertEquals(Received.Hungry, layer.receive(ByteBuffer.allocate(8), onPlain))
        engine.unwraps(Status.OK, HandshakeStatus.NOT_HANDSHAKING, consumed = 8)
        engine.unwraps(Status.BUFFER_UNDERFLOW, HandshakeStatus.NOT_HANDSHAKING)
        assertEquals(Received.Hungry, layer.receive(TlsServer.EMPTY, onPlain))
    }

    /** Here the engine wants more than the length in the record's header says. */
    @Test
    fun engineThatWantsMoreThanTheRecordGetsAllThatThereIs() {
        engine.unwraps(Status.BUFFER_UNDERFLOW, HandshakeStatus.NOT_HANDSHAKING, offered = 4)
        assertEquals(Received.Hungry, layer.receive(ByteBuffer.wrap(byteArrayOf(23, 3, 3, 0)), onPlain))
        engine.unwraps(Status.BUFFER_UNDERFLOW, HandshakeStatus.NOT_HANDSHAKING, offered = 6)
        engine.unwraps(Status.OK, HandshakeStatus.NOT_HANDSHAKING, offered = 13, consumed = 13, produced = 2)
        engine.unwraps(Status.BUFFER_UNDERFLOW, HandshakeStatus.NOT_HANDSHAKING, offered = 0)
        assertEquals(Received.Hungry, layer.receive(ByteBuffer.wrap(byteArrayOf(1, 0, 0, 0, 0, 0, 0, 0, 0)), onPlain))
        assertEquals(listOf(2), heard)
        assertEquals(0, buffers.taken)
    }

    @Test
    fun recordThatAReadHasSplitIsCompletedAndTheNextReadWhereItIs() {
        val record = byteArrayOf(23, 3, 3, 0, 2, 0, 0)
        engine.unwraps(Status.BUFFER_UNDERFLOW, HandshakeStatus.NOT_HANDSHAKING, offered = 3)
        layer.receive(ByteBuffer.wrap(record.copyOf(3)), onPlain)
        engine.unwraps(Status.OK, HandshakeStatus.NOT_HANDSHAKING, offered = 7, consumed = 7, produced = 2)
        engine.unwraps(Status.OK, HandshakeStatus.NOT_HANDSHAKING, offered = 14, consumed = 7, produced = 2)
        engine.unwraps(Status.OK, HandshakeStatus.NOT_HANDSHAKING, offered = 7, consumed = 7, produced = 2)
        engine.unwraps(Status.BUFFER_UNDERFLOW, HandshakeStatus.NOT_HANDSHAKING, offered = 0)
        layer.receive(ByteBuffer.wrap(record.copyOfRange(3, 7) + record + record), onPlain)
        assertEquals(listOf(2, 2, 2), heard)
    }

    @Test
    fun whatTheEngineThrowsUncheckedIsAFailureOfTls() {
        engine.unwrapThrows(IllegalStateException("a key store that is closed"))
        val failure = assertFailsWith<SSLException> { layer.receive(ByteBuffer.allocate(8), onPlain) }
        assertEquals("a key store that is closed", failure.cause!!.message)
        assertEquals(0, buffers.taken)
    }

    @Test
    fun whatTheReceiverThrowsIsNot() {
        engine.unwraps(Status.OK, HandshakeStatus.NOT_HANDSHAKING, consumed = 1, produced = 1)
        assertFailsWith<IllegalArgumentException> { layer.receive(ByteBuffer.allocate(8)) { throw IllegalArgumentException() } }
        layer.close()
        assertEquals(0, buffers.taken)
    }

    /** A delegated task's failure comes to light in whatever is called next. */
    @Test
    fun failureInsideWrapIsThrownOnceThenTheAlertIsWrappedAndReceivingFails() {
        engine.wrapThrows(SSLException("not trusted"))
        val failure = assertFailsWith<SSLException> { layer.wrap(TlsServer.EMPTY, ByteBuffer.allocate(8)) }
        engine.wraps(Status.CLOSED, HandshakeStatus.NOT_HANDSHAKING, produced = 7)
        val cipher = ByteBuffer.allocate(8)
        assertEquals(Wrapped.Closed, layer.wrap(TlsServer.EMPTY, cipher))
        assertEquals(7, cipher.position())
        assertSame(failure, assertFailsWith<SSLException> { layer.receive(ByteBuffer.allocate(8), onPlain) })
    }

    @Test
    fun alertThatCannotBeWrappedHidesNoFailure() {
        engine.unwrapThrows(SSLException("first"))
        assertFailsWith<SSLException> { layer.receive(ByteBuffer.allocate(8), onPlain) }
        engine.wrapThrows(SSLException("second"))
        assertEquals(Wrapped.Closed, layer.wrap(TlsServer.EMPTY, ByteBuffer.allocate(8)))
        assertEquals("first", assertFailsWith<SSLException> { layer.receive(ByteBuffer.allocate(8), onPlain) }.message)
    }

    @Test
    fun askingForMoreWithoutTakingAllIsABug() {
        engine.unwraps(Status.OK, HandshakeStatus.NOT_HANDSHAKING, consumed = 1, produced = 2)
        assertFailsWith<IllegalStateException> { layer.receive(ByteBuffer.allocate(1)) { true } }
        assertFalse(layer.isPeerDone)
    }
}
