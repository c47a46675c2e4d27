package dev.wspool.ktor.engine.codec

import dev.wspool.ktor.engine.codec.Opcode.BINARY
import dev.wspool.ktor.engine.codec.Opcode.CONTINUATION
import dev.wspool.ktor.engine.codec.Opcode.PONG
import dev.wspool.ktor.engine.codec.Opcode.TEXT
import org.junit.jupiter.api.Test
import java.io.DataInputStream
import java.nio.ByteBuffer
import kotlin.random.Random
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals

/** What a client writes (RFC 6455, 5.2 and 5.3). */
class FrameEncoderTest {
    private val key = 0x12_f4_56_98

    @Test
    fun headSaysKindAndEndAndCompression() {
        assertContentEquals(bytesOf(0x81, 0x80, 0x12, 0xf4, 0x56, 0x98), headOf(TEXT))
        assertContentEquals(bytesOf(0x02, 0x80, 0x12, 0xf4, 0x56, 0x98), headOf(BINARY, isFinal = false))
        assertContentEquals(bytesOf(0xc1, 0x80, 0x12, 0xf4, 0x56, 0x98), headOf(TEXT, isCompressed = true))
        assertContentEquals(bytesOf(0x42, 0x80, 0x12, 0xf4, 0x56, 0x98), headOf(BINARY, isFinal = false, isCompressed = true))
        assertContentEquals(bytesOf(0x80, 0x80, 0x12, 0xf4, 0x56, 0x98), headOf(CONTINUATION))
        assertContentEquals(bytesOf(0x8a, 0x80, 0x12, 0xf4, 0x56, 0x98), headOf(PONG))
    }

    @Test
    fun lengthIsToldInTheFewestBytes() {
        assertContentEquals(bytesOf(0x80 + 1), lengthOf(1))
        assertContentEquals(bytesOf(0x80 + 125), lengthOf(125))
        assertContentEquals(bytesOf(0x80 + 126, 0, 126), lengthOf(126))
        assertContentEquals(bytesOf(0x80 + 126, 0x7f, 0xff), lengthOf(0x7fff))
        assertContentEquals(bytesOf(0x80 + 126, 0x80, 0), lengthOf(0x8000))
        assertContentEquals(bytesOf(0x80 + 126, 0xff, 0xff), lengthOf(65535))
        assertContentEquals(bytesOf(0x80 + 127, 0, 0, 0, 0, 0, 1, 0, 0), lengthOf(65536))
        assertContentEquals(bytesOf(0x80 + 127, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff), lengthOf(Int.MAX_VALUE))
    }

    @Test
    fun noHeadIsLongerThanTheLargest() {
        val target = ByteBuffer.allocate(FrameEncoder.LARGEST_HEAD)
        FrameEncoder.putHead(target, BINARY, isFinal = true, isCompressed = false, Int.MAX_VALUE, key)
        assertEquals(0, target.remaining())
    }

    @Test
    fun exampleOfTheRfcIsMaskedAsThere() {
        val target = ByteBuffer.allocate(20)
        val hello = "Hello".toByteArray()
        FrameEncoder.putHead(target, TEXT, isFinal = true, isCompressed = false, hello.size, 0x37_fa_21_3d)
        assertEquals(5, FrameEncoder.putMasked(target, hello, 0, 5, 0x37_fa_21_3d, 0))
        val written = target.array().copyOf(target.position())
        assertContentEquals(bytesOf(0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58), written)
    }

    @Test
    fun whateverIsWrittenAServerReads() {
        for (size in listOf(0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 125, 126, 65535, 65536, 100_000)) {
            val payload = Random(size).nextBytes(size)
            val target = ByteBuffer.allocate(FrameEncoder.LARGEST_HEAD + size)
            FrameEncoder.putHead(target, BINARY, isFinal = true, isCompressed = false, size, key)
            assertEquals(size, FrameEncoder.putMasked(target, payload, 0, size, key, 0))
            val frame = read(target)
            assertContentEquals(payload, frame.payload)
            assertEquals(key, frame.key)
        }
    }

    @Test
    fun maskGoesOnFromAnyOffsetOfThePayloadAndOfItsArray() {
        val array = Random(1).nextBytes(60)
        for (origin in 0..9) {
            for (start in origin..origin + 12) {
                for (end in start..start + 20) {
                    val target = ByteBuffer.allocate(60).position(3)
                    assertEquals(end, FrameEncoder.putMasked(target, array, start, end, key, origin))
                    val written = target.array().copyOfRange(3, target.position())
                    assertContentEquals(masked(array, start, end, origin), written, "$origin, $start, $end")
                }
            }
        }
    }

    @Test
    fun asMuchIsMaskedAsThereIsRoomFor() {
        val array = Random(2).nextBytes(40)
        for (room in 0..40) {
            val target = ByteBuffer.allocate(50).limit(room)
            val until = FrameEncoder.putMasked(target, array, 5, 35, key, 5)
            assertEquals(5 + minOf(room, 30), until)
            assertEquals(until - 5, target.position())
            assertContentEquals(masked(array, 5, until, 5), target.array().copyOf(target.position()))
        }
    }

    @Test
    fun payloadInPiecesIsMaskedAsInOne() {
        val random = Random(3)
        repeat(2_000) {
            val array = random.nextBytes(random.nextInt(1, 200))
            val origin = random.nextInt(array.size)
            var at = origin
            var written = ByteArray(0)
            while (at < array.size) {
                val size = random.nextInt(30)
                val target = if (random.nextBoolean()) ByteBuffer.allocate(size) else ByteBuffer.allocateDirect(size)
                val until = FrameEncoder.putMasked(target, array, at, array.size, key, origin)
                assertEquals(minOf(at + size, array.size), until)
                at = until
                written += ByteArray(target.flip().remaining()).also { bytes -> target.get(bytes) }
            }
            assertContentEquals(masked(array, origin, array.size, origin), written)
        }
    }

    @Test
    fun payloadItselfIsLeftAsItIs() {
        val array = Random(4).nextBytes(50)
        val before = array.copyOf()
        FrameEncoder.putMasked(ByteBuffer.allocate(50), array, 0, 50, key, 0)
        assertContentEquals(before, array)
    }

    private fun headOf(opcode: Int, isFinal: Boolean = true, isCompressed: Boolean = false, length: Int = 0): ByteArray {
        val target = ByteBuffer.allocate(FrameEncoder.LARGEST_HEAD)
        FrameEncoder.putHead(target, opcode, isFinal, isCompressed, length, key)
        return target.array().copyOf(target.position())
    }

    private fun lengthOf(length: Int) = headOf(BINARY, length = length).let { it.copyOfRange(1, it.size - 4) }

    /** As the RFC says it, 5.3. */
    private fun masked(array: ByteArray, start: Int, end: Int, origin: Int) = ByteArray(end - start) {
        val at = start + it
        (array[at].toInt() xor (key shr (24 - (at - origin) % 4 * 8))).toByte()
    }

    private fun read(target: ByteBuffer) = DataInputStream(target.array().inputStream(0, target.position())).readClientFrame()
}
