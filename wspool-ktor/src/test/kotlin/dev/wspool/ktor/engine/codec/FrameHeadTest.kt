package dev.wspool.ktor.engine.codec

import dev.wspool.CloseInfo
import dev.wspool.ConnectionLostException
import dev.wspool.ktor.engine.codec.Opcode.BINARY
import dev.wspool.ktor.engine.codec.Opcode.CLOSE
import dev.wspool.ktor.engine.codec.Opcode.CONTINUATION
import dev.wspool.ktor.engine.codec.Opcode.PING
import dev.wspool.ktor.engine.codec.Opcode.PONG
import dev.wspool.ktor.engine.codec.Opcode.TEXT
import dev.wspool.ktor.engine.codec.WireFrame.Companion.RSV1
import dev.wspool.ktor.engine.codec.WireFrame.Companion.RSV2
import dev.wspool.ktor.engine.codec.WireFrame.Companion.RSV3
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs

/** What the head of a frame may say (RFC 6455, 5.2). */
class FrameHeadTest {
    private val reserved = listOf("1002 A frame with a reserved bit was received that no extension explains")
    private val notMinimal = listOf("1002 The length of a frame is not told in the fewest bytes")

    @Test
    fun eachKindOfFrameIsTold() {
        assertEquals(listOf("text \"hi\""), linesOf(WireFrame(TEXT, "hi")))
        assertEquals(listOf("binary 00 ff"), linesOf(WireFrame(BINARY, bytesOf(0, 0xff))))
        assertEquals(listOf("ping \"hi\""), linesOf(WireFrame(PING, "hi")))
        assertEquals(listOf("pong \"hi\""), linesOf(WireFrame(PONG, "hi")))
        assertEquals(listOf("close 03 e8"), linesOf(WireFrame(CLOSE, bytesOf(0x03, 0xe8))))
    }

    @Test
    fun frameWithoutPayloadIsWholeWithItsHead() {
        for (opcode in listOf(TEXT, BINARY, PING, PONG, CLOSE)) assertEquals(1, linesOf(WireFrame(opcode)).size)
        val reading = FrameReading().apply { read(WireFrame(TEXT).bytes()) }
        assertEquals(listOf("text empty"), reading.lines)
    }

    @Test
    fun reservedOpcodesAreRefused() {
        for (opcode in (3..7) + (11..15)) {
            assertEquals(listOf("1002 A frame has the reserved opcode $opcode"), linesOf(WireFrame(opcode)))
        }
    }

    @Test
    fun reservedBitsAreRefusedWhereNothingIsAgreedOn() {
        for (opcode in listOf(TEXT, BINARY, PING, PONG, CLOSE)) {
            for (bits in 0x10..0x70 step 0x10) assertEquals(reserved, linesOf(WireFrame(opcode, reserved = bits)))
        }
    }

    @Test
    fun rsv1SaysCompressedWhereThatIsAgreedOn() {
        assertEquals(listOf("compressed text \"hi\""), linesOf(WireFrame(TEXT, "hi", reserved = RSV1), mayCompress = true))
        assertEquals(listOf("compressed binary \"hi\""), linesOf(WireFrame(BINARY, "hi", reserved = RSV1), mayCompress = true))
        assertEquals(listOf("text \"hi\""), linesOf(WireFrame(TEXT, "hi"), mayCompress = true))
    }

    @Test
    fun otherReservedBitsAreRefusedWhereRsv1IsAgreedOn() {
        for (bits in listOf(RSV2, RSV3, RSV1 + RSV2, RSV1 + RSV3, RSV2 + RSV3, RSV1 + RSV2 + RSV3)) {
            assertEquals(reserved, linesOf(WireFrame(TEXT, reserved = bits), mayCompress = true))
        }
    }

    @Test
    fun controlFramesAreNeverCompressed() {
        for (opcode in listOf(PING, PONG, CLOSE)) assertEquals(reserved, linesOf(WireFrame(opcode, reserved = RSV1), mayCompress = true))
    }

    @Test
    fun firstFrameAloneSaysThatAMessageIsCompressed() {
        val start = WireFrame(BINARY, "a", isFinal = false, reserved = RSV1)
        val told = "compressed binary \"a\"…"
        assertEquals(listOf(told, "more binary \"b\""), linesOf(start, WireFrame(CONTINUATION, "b"), mayCompress = true))
        assertEquals(listOf(told) + reserved, linesOf(start, WireFrame(CONTINUATION, "b", reserved = RSV1), mayCompress = true))
    }

    @Test
    fun compressionEndsWithItsMessage() = assertEquals(
        listOf("compressed binary \"a\"", "binary \"b\""),
        linesOf(WireFrame(BINARY, "a", reserved = RSV1), WireFrame(BINARY, "b"), mayCompress = true),
    )

    @Test
    fun maskedFramesAreRefused() {
        for (opcode in listOf(TEXT, PING, CLOSE)) {
            assertEquals(listOf("1002 A frame of the server is masked"), linesOf(WireFrame(opcode, isMasked = true)))
        }
    }

    @Test
    fun lengthsAtTheBoundsOfTheirClassesAreRead() {
        for (size in listOf(0, 1, 125, 126, 127, 128, 255, 256, 65534, 65535, 65536, 65537)) {
            val payload = ByteArray(size) { (it * 31).toByte() }
            val line = "binary ${shown(payload)}"
            assertEquals(listOf(line, "ping empty"), linesOf(WireFrame(BINARY, payload), WireFrame(PING)))
        }
    }

    @Test
    fun lengthInMoreBytesThanItNeedsIsRefused() {
        for ((lengthSize, lengths) in listOf(2 to listOf(0L, 1L, 125L), 8 to listOf(0L, 125L, 126L, 65535L))) {
            for (length in lengths) assertEquals(notMinimal, linesOf(WireFrame(BINARY, length = length, lengthSize = lengthSize)))
        }
        assertEquals(notMinimal, linesOf(WireFrame(PING, length = 5, lengthSize = 2)))
    }

    @Test
    fun lengthWithItsHighestBitIsRefused() {
        for (length in listOf(Long.MIN_VALUE, Long.MIN_VALUE + 5, -1L)) {
            assertEquals(notMinimal, linesOf(WireFrame(BINARY, length = length)))
        }
    }

    @Test
    fun frameIsRefusedWithTheLastByteOfItsHead() {
        assertEquals(2, bytesUntilRefused(WireFrame(3, "hello").bytes()))
        assertEquals(4, bytesUntilRefused(WireFrame(TEXT, ByteArray(126), reserved = RSV2).bytes()))
        assertEquals(10, bytesUntilRefused(WireFrame(BINARY, length = 7, lengthSize = 8).bytes() + ByteArray(7)))
    }

    @Test
    fun peerIsToldWhatThePoolIsTold() {
        val violation = FrameReading().apply { read(WireFrame(3).bytes()) }.violation!!
        val cause = assertIs<ConnectionLostException>(violation.cause)
        assertEquals("A frame has the reserved opcode 3", cause.message)
        assertEquals(CloseInfo(1002, "A frame has the reserved opcode 3"), cause.closeInfo)
    }
}
