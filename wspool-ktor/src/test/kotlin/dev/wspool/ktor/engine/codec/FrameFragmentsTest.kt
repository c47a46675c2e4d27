package dev.wspool.ktor.engine.codec

import dev.wspool.ktor.engine.codec.Opcode.BINARY
import dev.wspool.ktor.engine.codec.Opcode.CLOSE
import dev.wspool.ktor.engine.codec.Opcode.CONTINUATION
import dev.wspool.ktor.engine.codec.Opcode.PING
import dev.wspool.ktor.engine.codec.Opcode.PONG
import dev.wspool.ktor.engine.codec.Opcode.TEXT
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals

/** Messages in several frames, and the control frames between them (RFC 6455, 5.4 and 5.5). */
class FrameFragmentsTest {
    private val beginsWithin = listOf("1002 A message begins within another")
    private val continuesNothing = listOf("1002 A fragment continues no message")

    @Test
    fun fragmentsAreOfTheKindThatTheirMessageBeganWith() {
        for ((opcode, kind) in listOf(TEXT to "text", BINARY to "binary")) {
            assertEquals(
                listOf("$kind \"a\"…", "more $kind \"b\"…", "more $kind \"c\""),
                linesOf(start(opcode, "a"), start(CONTINUATION, "b"), WireFrame(CONTINUATION, "c")),
            )
        }
    }

    @Test
    fun fragmentsMayBeEmpty() = assertEquals(
        listOf("text empty…", "more text empty…", "more text empty", "binary empty"),
        linesOf(start(TEXT, ""), start(CONTINUATION, ""), WireFrame(CONTINUATION), WireFrame(BINARY)),
    )

    @Test
    fun messagesFollowEachOther() = assertEquals(
        listOf("text \"a\"…", "more text \"b\"", "binary \"c\"…", "more binary \"d\"", "text \"e\""),
        linesOf(start(TEXT, "a"), WireFrame(CONTINUATION, "b"), start(BINARY, "c"), WireFrame(CONTINUATION, "d"), WireFrame(TEXT, "e")),
    )

    @Test
    fun controlFramesStandBetweenFragments() = assertEquals(
        listOf("binary \"a\"…", "ping \"1\"", "more binary \"b\"…", "pong empty", "ping \"2\"", "more binary \"c\""),
        linesOf(
            start(BINARY, "a"),
            WireFrame(PING, "1"),
            start(CONTINUATION, "b"),
            WireFrame(PONG),
            WireFrame(PING, "2"),
            WireFrame(CONTINUATION, "c"),
        ),
    )

    @Test
    fun closeMayComeWithinAMessage() = assertEquals(listOf("text \"a\"…", "close empty"), linesOf(start(TEXT, "a"), WireFrame(CLOSE)))

    @Test
    fun continuationWithoutAStartIsRefused() {
        for (isFinal in listOf(true, false)) assertEquals(continuesNothing, linesOf(WireFrame(CONTINUATION, "a", isFinal)))
    }

    @Test
    fun continuationOfAWholeMessageIsRefused() {
        assertEquals(listOf("text \"a\"") + continuesNothing, linesOf(WireFrame(TEXT, "a"), WireFrame(CONTINUATION, "b")))
        assertEquals(
            listOf("text \"a\"…", "more text \"b\"") + continuesNothing,
            linesOf(start(TEXT, "a"), WireFrame(CONTINUATION, "b"), WireFrame(CONTINUATION, "c")),
        )
    }

    @Test
    fun controlFrameIsNothingToContinue() =
        assertEquals(listOf("ping \"a\"") + continuesNothing, linesOf(WireFrame(PING, "a"), WireFrame(CONTINUATION, "b")))

    @Test
    fun messageThatBeginsWithinAnotherIsRefused() {
        for (opcode in listOf(TEXT, BINARY)) {
            for (isFinal in listOf(true, false)) {
                assertEquals(listOf("text \"a\"…") + beginsWithin, linesOf(start(TEXT, "a"), WireFrame(opcode, "b", isFinal)))
            }
        }
        assertEquals(
            listOf("text \"a\"…", "more text \"b\"…", "ping empty") + beginsWithin,
            linesOf(start(TEXT, "a"), start(CONTINUATION, "b"), WireFrame(PING), WireFrame(TEXT, "c")),
        )
    }

    @Test
    fun fragmentedControlFramesAreRefused() {
        for (opcode in listOf(PING, PONG, CLOSE)) {
            assertEquals(listOf("1002 A control frame is fragmented"), linesOf(start(opcode, "a")))
        }
    }

    @Test
    fun controlFrameHolds125BytesAtMost() {
        for (opcode in listOf(PING, PONG, CLOSE)) {
            assertEquals(1, linesOf(WireFrame(opcode, ByteArray(125))).size)
            for (size in listOf(126, 65535, 65536)) {
                assertEquals(listOf("1002 A control frame holds $size bytes"), linesOf(WireFrame(opcode, ByteArray(size))))
            }
        }
    }

    @Test
    fun controlFrameThatIsTooLongIsRefusedBeforeItsPayloadComes() {
        assertEquals(4, bytesUntilRefused(WireFrame(PING, ByteArray(126)).bytes()))
        assertEquals(10, bytesUntilRefused(WireFrame(PONG, length = Long.MAX_VALUE).bytes()))
    }

    private fun start(opcode: Int, text: String) = WireFrame(opcode, text, isFinal = false)
}
