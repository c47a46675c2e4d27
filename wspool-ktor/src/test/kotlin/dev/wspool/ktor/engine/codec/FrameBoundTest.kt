package dev.wspool.ktor.engine.codec

import dev.wspool.MessageTooBigException
import dev.wspool.ktor.engine.codec.Opcode.BINARY
import dev.wspool.ktor.engine.codec.Opcode.CONTINUATION
import dev.wspool.ktor.engine.codec.Opcode.PING
import dev.wspool.ktor.engine.codec.Opcode.TEXT
import dev.wspool.ktor.internal.Violation
import org.junit.jupiter.api.Test
import java.nio.ByteBuffer
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertTrue

/** How much a peer may send, and what it costs to be promised more. */
class FrameBoundTest {
    private val tooBig = listOf("1009 A message of more than 1000 bytes has been received")

    @Test
    fun messageMayHoldExactlyTheBound() {
        for (opcode in listOf(TEXT, BINARY)) {
            assertEquals(2, linesOf(WireFrame(opcode, ByteArray(1000)), WireFrame(opcode, ByteArray(1000)), maxMessageSize = 1000).size)
        }
    }

    @Test
    fun messageOfOneByteMoreIsRefused() {
        for (opcode in listOf(TEXT, BINARY)) assertEquals(tooBig, linesOf(WireFrame(opcode, ByteArray(1001)), maxMessageSize = 1000))
    }

    @Test
    fun fragmentsTogetherMayHoldExactlyTheBound() {
        val ping = WireFrame(PING, ByteArray(125))
        val message = arrayOf(fragment(BINARY, 400), ping, fragment(CONTINUATION, 599), fragment(CONTINUATION, 1), WireFrame(CONTINUATION))
        assertEquals(10, linesOf(*message, *message, maxMessageSize = 1000).size)
    }

    @Test
    fun fragmentsOfOneByteMoreAreRefused() {
        val lines = linesOf(fragment(TEXT, 400), fragment(CONTINUATION, 600), fragment(CONTINUATION, 1), maxMessageSize = 1000)
        assertEquals(tooBig, lines.drop(2))
    }

    @Test
    fun wholeMessageDoesNotCountForTheNext() {
        val frames = Array(5) { listOf(WireFrame(BINARY, ByteArray(900)), fragment(BINARY, 900), WireFrame(CONTINUATION, ByteArray(100))) }
        assertEquals(15, linesOf(*frames.flatMap { it }.toTypedArray(), maxMessageSize = 1000).size)
    }

    @Test
    fun boundIsOfWhatIsOnTheWire() {
        val whole = WireFrame(BINARY, ByteArray(1000), reserved = WireFrame.RSV1)
        assertEquals(1, linesOf(whole, maxMessageSize = 1000, mayCompress = true).size)
        val more = WireFrame(BINARY, ByteArray(1001), reserved = WireFrame.RSV1)
        assertEquals(tooBig, linesOf(more, maxMessageSize = 1000, mayCompress = true))
    }

    /** What cannot be compressed becomes larger; the bound that is named is that of messages all the same. */
    @Test
    fun compressedMessageHasABoundOfItsOwn() {
        val compressed = { size: Int -> WireFrame(BINARY, ByteArray(size), reserved = WireFrame.RSV1) }
        for ((frame, isTaken) in listOf(compressed(1100) to true, compressed(1190) to false, WireFrame(BINARY, ByteArray(1100)) to false)) {
            val reading = FrameReading(1000).apply { decoder.bounds = FrameBounds(1000, compressedMessage = 1189) }
            assertEquals(isTaken, reading.apply { read(frame.bytes()) }.violation == null)
            if (!isTaken) assertEquals(tooBig, reading.lines)
        }
    }

    @Test
    fun tooBigAFrameIsRefusedBeforeItsPayloadComes() {
        assertEquals(4, bytesUntilRefused(WireFrame(BINARY, ByteArray(1001)).bytes(), maxMessageSize = 1000))
        val fragments = listOf(fragment(BINARY, 1000), fragment(CONTINUATION, 1)).bytes()
        assertEquals(1006, bytesUntilRefused(fragments, maxMessageSize = 1000))
    }

    @Test
    fun noLengthIsTooLongToBeRefused() {
        for (length in listOf(1L shl 31, 1L shl 32, (1L shl 32) + 5, Long.MAX_VALUE)) {
            assertEquals(tooBig, linesOf(WireFrame(BINARY, length = length), maxMessageSize = 1000))
            assertEquals(tooBig, linesOf(fragment(BINARY, 5), WireFrame(CONTINUATION, length = length), maxMessageSize = 1000).drop(1))
            val largest = "1009 A message of more than ${Int.MAX_VALUE} bytes has been received"
            assertEquals(listOf(largest), linesOf(WireFrame(BINARY, length = length), maxMessageSize = Int.MAX_VALUE))
        }
    }

    @Test
    fun boundOfFramesIsOfEachAlone() {
        val recorded = RecordedFrames()
        val decoder = FrameDecoder(recorded, FrameBounds(1000), boundsFrames = true)
        val message = listOf(fragment(BINARY, 1000), fragment(CONTINUATION, 1000), WireFrame(CONTINUATION, ByteArray(1000)))
        decoder.decode(ByteBuffer.wrap(message.bytes()))
        assertEquals(3, recorded.lines.size)
        val refused = assertFailsWith<Violation> { decoder.decode(ByteBuffer.wrap(fragment(BINARY, 1001).bytes())) }
        assertEquals(tooBig, listOf("${refused.info.code} ${refused.info.reason}"))
    }

    @Test
    fun boundThatChangesHoldsFromTheNextFrameOn() {
        val reading = FrameReading(1000).apply { read(fragment(BINARY, 500).bytes()) }
        reading.decoder.bounds = FrameBounds(400)
        reading.read(WireFrame(CONTINUATION).bytes())
        assertEquals("1009 A message of more than 400 bytes has been received", reading.lines.last())
    }

    @Test
    fun poolIsToldWhichSettingBounds() {
        val cause = FrameReading(1000).apply { read(WireFrame(BINARY, ByteArray(1001)).bytes()) }.violation!!.cause
        assertEquals("A message of more than 1000 bytes has been received (maxMessageSize)", cause.message)
        assertEquals(1000, assertIs<MessageTooBigException>(cause).limit)
    }

    @Test
    fun promiseCostsNoMoreThanWhatHasComeTwiceOver() {
        for (length in listOf(10_000_000, Int.MAX_VALUE)) {
            val reading = FrameReading(maxMessageSize = Int.MAX_VALUE)
            assertTrue(reading.read(WireFrame(BINARY, length = length.toLong()).bytes()))
            assertEquals(0, retainedBytes(reading.decoder))
            for (size in listOf(1, 1000, 100_000, 1, 1_000_000)) {
                reading.read(ByteArray(size))
                val atMost = maxOf(2 * reading.received, 1024)
                assertTrue(retainedBytes(reading.decoder) in reading.received - 10..atMost, "after ${reading.received}")
            }
        }
    }

    @Test
    fun smallFrameCostsWhatItHolds() {
        val reading = FrameReading()
        reading.read(WireFrame(BINARY, ByteArray(300)).bytes().copyOf(100))
        assertEquals(300, retainedBytes(reading.decoder))
    }

    @Test
    fun nothingIsKeptOfWhatHasBeenHandedOver() {
        val reading = FrameReading()
        reading.read(listOf(fragment(TEXT, 100_000), fragment(CONTINUATION, 100_000), WireFrame(PING, "hi")).bytes())
        assertEquals(0, retainedBytes(reading.decoder))
        reading.read(WireFrame(CONTINUATION, ByteArray(100_000)).bytes())
        assertEquals(0, retainedBytes(reading.decoder))
    }

    private fun fragment(opcode: Int, size: Int) = WireFrame(opcode, ByteArray(size), isFinal = false)
}
