package dev.wspool.ktor.engine.codec

import dev.wspool.ktor.engine.codec.Opcode.BINARY
import dev.wspool.ktor.engine.codec.Opcode.CLOSE
import dev.wspool.ktor.engine.codec.Opcode.PING
import dev.wspool.ktor.engine.codec.Opcode.TEXT
import org.junit.jupiter.api.Test
import java.nio.ByteBuffer
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** Where the decoder stops, and where it goes on. */
class FrameFlowTest {
    @Test
    fun inputIsReadToItsEnd() {
        val reading = FrameReading()
        val input = ByteBuffer.wrap(WireFrame(TEXT, "hello").bytes() + bytesOf(0x81))
        assertTrue(reading.read(input))
        assertFalse(input.hasRemaining())
        assertTrue(reading.read(ByteBuffer.allocate(0)))
        assertTrue(reading.read(bytesOf(1, 'a'.code)))
        assertEquals(listOf("text \"hello\"", "text \"a\""), reading.lines)
    }

    @Test
    fun inputIsReadBetweenItsPositionAndItsLimit() {
        val bytes = WireFrame(TEXT, "hello").bytes()
        val input = ByteBuffer.allocateDirect(100).apply { position(30) }.put(bytes).apply { limit(position()) }.position(30)
        val reading = FrameReading().apply { assertTrue(read(input)) }
        assertEquals(listOf("text \"hello\""), reading.lines)
    }

    @Test
    fun sinkThatWantsNoMoreStopsReadingRightBehindTheFrame() {
        val reading = FrameReading(wantsMore = { false })
        val frames = listOf(WireFrame(TEXT, "a"), WireFrame(PING), WireFrame(BINARY, isFinal = false))
        val input = ByteBuffer.wrap(frames.bytes() + bytesOf(0x80))
        assertFalse(reading.read(input))
        assertEquals(listOf("text \"a\""), reading.lines)
        assertEquals(3, input.position())
        assertFalse(reading.read(input))
        assertEquals(listOf("text \"a\"", "ping empty"), reading.lines)
        assertEquals(5, input.position())
        assertFalse(reading.read(input))
        assertEquals(listOf("text \"a\"", "ping empty", "binary empty…"), reading.lines)
        assertEquals(7, input.position())
        assertTrue(reading.read(input))
        assertFalse(reading.read(bytesOf(0)))
        assertEquals("more binary empty", reading.lines.last())
    }

    @Test
    fun faultBehindAStopIsFoundOnceReadingGoesOn() {
        val reading = FrameReading(wantsMore = { false })
        val input = ByteBuffer.wrap(WireFrame(TEXT, "a").bytes() + WireFrame(3).bytes())
        assertFalse(reading.read(input))
        assertNull(reading.violation)
        assertFalse(reading.read(input))
        assertEquals("A frame has the reserved opcode 3", reading.violation?.info?.reason)
    }

    @Test
    fun closeEndsReading() {
        val reading = FrameReading()
        val input = ByteBuffer.wrap(listOf(WireFrame(CLOSE, "bye"), WireFrame(TEXT, "a"), WireFrame(3), WireFrame(CLOSE)).bytes())
        assertTrue(reading.read(input))
        assertFalse(input.hasRemaining())
        assertTrue(reading.read(WireFrame(TEXT, "b").bytes() + WireFrame(3).bytes()))
        assertEquals(listOf("close \"bye\""), reading.lines)
    }

    @Test
    fun arraysAreTheReceiversToKeep() {
        val kept = ArrayList<ByteArray>()
        val sink = object : FrameSink by RecordedFrames() {
            override fun onPing(payload: ByteArray): Boolean = kept.add(payload)
        }
        val input = listOf(WireFrame(PING, "a"), WireFrame(PING, "b")).bytes()
        FrameDecoder(sink, FrameBounds(100)).decode(ByteBuffer.wrap(input))
        input.fill(0)
        assertEquals(listOf("a", "b"), kept.map { it.decodeToString() })
    }
}
