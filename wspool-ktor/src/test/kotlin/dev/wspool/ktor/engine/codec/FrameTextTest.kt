package dev.wspool.ktor.engine.codec

import dev.wspool.ktor.engine.codec.Opcode.BINARY
import dev.wspool.ktor.engine.codec.Opcode.CONTINUATION
import dev.wspool.ktor.engine.codec.Opcode.PING
import dev.wspool.ktor.engine.codec.Opcode.PONG
import dev.wspool.ktor.engine.codec.Opcode.TEXT
import dev.wspool.ktor.engine.codec.WireFrame.Companion.RSV1
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals

/** Text is UTF-8, and what cannot be is refused with the byte that shows it (RFC 6455, 8.1). */
class FrameTextTest {
    private val notUtf8 = listOf("1007 A text message is not valid UTF-8")
    private val euro = bytesOf(0xe2, 0x82, 0xac)

    @Test
    fun textIsRefusedAtTheFirstByteThatCannotBe() {
        val impossible = listOf(
            bytesOf(0x80), bytesOf(0xc0), bytesOf(0xf5), bytesOf(0xff), // no beginning of anything
            bytesOf(0xc3, 0x28), bytesOf(0xe2, 0x82, 0x28), // not gone on with
            bytesOf(0xe0, 0x9f), bytesOf(0xf0, 0x8f), // overlong
            bytesOf(0xed, 0xa0), // a surrogate
            bytesOf(0xf4, 0x90), // above U+10FFFF
        )
        for (bytes in impossible) {
            for (before in listOf(0, 1, 500)) {
                val payload = ByteArray(before) { 'a'.code.toByte() } + bytes + ByteArray(500)
                val head = if (payload.size <= 125) 2 else 4
                assertEquals(notUtf8, linesOf(WireFrame(TEXT, payload)))
                assertEquals(head + before + bytes.size, bytesUntilRefused(WireFrame(TEXT, payload).bytes()), shown(bytes))
            }
        }
    }

    @Test
    fun laterFragmentIsRefusedAtTheFirstByteThatCannotBe() {
        val start = WireFrame(TEXT, "a", isFinal = false)
        val rest = WireFrame(CONTINUATION, bytesOf(0x62, 0xff, 0x63), isFinal = false)
        assertEquals(listOf("text \"a\"…") + notUtf8, linesOf(start, rest))
        assertEquals(3 + 4, bytesUntilRefused(listOf(start, rest).bytes()))
    }

    @Test
    fun characterMayGoOnInTheNextFragment() = assertEquals(
        listOf("text e2…", "more text 82…", "more text empty…", "more text ac"),
        linesOf(
            WireFrame(TEXT, bytesOf(0xe2), isFinal = false),
            WireFrame(CONTINUATION, bytesOf(0x82), isFinal = false),
            WireFrame(CONTINUATION, isFinal = false),
            WireFrame(CONTINUATION, bytesOf(0xac)),
        ),
    )

    @Test
    fun controlFramesWithinACharacterAreNoPartOfIt() = assertEquals(
        listOf("text e2…", "ping ff", "pong \"a\"", "more text 82…", "ping empty", "more text ac"),
        linesOf(
            WireFrame(TEXT, bytesOf(0xe2), isFinal = false),
            WireFrame(PING, bytesOf(0xff)),
            WireFrame(PONG, "a"),
            WireFrame(CONTINUATION, bytesOf(0x82), isFinal = false),
            WireFrame(PING),
            WireFrame(CONTINUATION, bytesOf(0xac)),
        ),
    )

    @Test
    fun characterThatTheNextFragmentDoesNotGoOnWithIsRefusedThere() {
        val frames = listOf(WireFrame(TEXT, bytesOf(0xe2), isFinal = false), WireFrame(PING), WireFrame(CONTINUATION, "hello"))
        assertEquals(listOf("text e2…", "ping empty") + notUtf8, linesOf(*frames.toTypedArray()))
        assertEquals(3 + 2 + 3, bytesUntilRefused(frames.bytes()))
    }

    @Test
    fun rangeOfASecondByteHoldsAcrossFragments() {
        for ((first, second) in listOf(0xe0 to 0x9f, 0xed to 0xa0, 0xf0 to 0x8f, 0xf4 to 0x90)) {
            val start = WireFrame(TEXT, bytesOf(first), isFinal = false)
            assertEquals(notUtf8, linesOf(start, WireFrame(CONTINUATION, bytesOf(second), isFinal = false)).drop(1))
        }
    }

    @Test
    fun unfinishedCharacterEndsNoMessage() {
        for (size in 1..2) {
            val part = euro.copyOf(size)
            assertEquals(notUtf8, linesOf(WireFrame(TEXT, part)))
            assertEquals(notUtf8, linesOf(WireFrame(TEXT, part, isFinal = false), WireFrame(CONTINUATION)).drop(1))
            assertEquals(notUtf8, linesOf(WireFrame(TEXT, isFinal = false), WireFrame(CONTINUATION, part)).drop(1))
        }
    }

    @Test
    fun eachMessageIsCheckedAnew() = assertEquals(
        listOf("text e2 82 ac", "text \"a\"…", "more text e2 82 ac", "text e2 82 ac") + notUtf8,
        linesOf(
            WireFrame(TEXT, euro),
            WireFrame(TEXT, "a", isFinal = false),
            WireFrame(CONTINUATION, euro),
            WireFrame(TEXT, euro),
            WireFrame(TEXT, bytesOf(0x82)),
        ),
    )

    @Test
    fun binaryIsNotChecked() = assertEquals(
        listOf("binary ff…", "more binary e2", "text \"a\"", "binary ff"),
        linesOf(
            WireFrame(BINARY, bytesOf(0xff), isFinal = false),
            WireFrame(CONTINUATION, bytesOf(0xe2)),
            WireFrame(TEXT, "a"),
            WireFrame(BINARY, bytesOf(0xff)),
        ),
    )

    @Test
    fun controlFramesAreNotChecked() = assertEquals(
        listOf("text \"a\"", "ping ff", "pong ff"),
        linesOf(WireFrame(TEXT, "a"), WireFrame(PING, bytesOf(0xff)), WireFrame(PONG, bytesOf(0xff))),
    )

    @Test
    fun compressedTextIsCheckedByWhoInflatesIt() = assertEquals(
        listOf("compressed text ff…", "more text e2", "text \"a\"") + notUtf8,
        linesOf(
            WireFrame(TEXT, bytesOf(0xff), isFinal = false, reserved = RSV1),
            WireFrame(CONTINUATION, bytesOf(0xe2)),
            WireFrame(TEXT, "a"),
            WireFrame(TEXT, bytesOf(0xff)),
            mayCompress = true,
        ),
    )

    @Test
    fun textMayHoldAnything() {
        val text = "\u0000\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff\ufeff\ufffd\ud800\udc00\udbff\udfff"
        assertEquals(listOf("text ${shown(text.toByteArray())}"), linesOf(WireFrame(TEXT, text)))
    }
}
