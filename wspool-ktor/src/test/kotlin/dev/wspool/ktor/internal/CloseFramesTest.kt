package dev.wspool.ktor.internal

import dev.wspool.CloseInfo
import org.junit.jupiter.api.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith

/** What a Close frame may say (RFC 6455, 5.5.1 and 7.4). */
class CloseFramesTest {
    private val sendable = (1000..1003) + (1007..1014) + (3000..4999)

    @Test
    fun codesOfTheRegistryAreReadAndEchoed() {
        for (code in sendable) {
            val received = readClose(payload(code, "why"))
            assertEquals(CloseInfo(code, "why"), received)
            assertContentEquals(payload(code, ""), closeReply(received))
        }
    }

    @Test
    fun otherCodesAreRefused() {
        for (code in (0..65535) - sendable.toSet()) assertEquals("1002 A Close frame is malformed", refusal(payload(code, "")))
    }

    @Test
    fun closeWithoutACodeIsReadAsThatAndEchoedAsThat() {
        val received = readClose(ByteArray(0))
        assertEquals(CloseInfo(CloseInfo.NO_STATUS), received)
        assertEquals(0, closeReply(received).size)
    }

    @Test
    fun halfACodeIsRefused() = assertEquals("1002 A Close frame is malformed", refusal(byteArrayOf(3)))

    @Test
    fun reasonThatIsNotUtf8IsRefused() {
        for (reason in listOf(byteArrayOf(-1), byteArrayOf(0xe2.toByte(), 0x82.toByte()))) {
            assertEquals("1007 A text message is not valid UTF-8", refusal(payload(1000, "") + reason))
        }
    }

    @Test
    fun codesThatMayNotBeSentAreNot() {
        for (code in listOf(0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 66536)) {
            val refused = assertFailsWith<IllegalArgumentException> { closePayload(code, "") }
            assertEquals("$code is no close code that may be sent", refused.message)
        }
    }

    @Test
    fun reasonThatFitsNoFrameIsNotSent() {
        assertContentEquals(payload(4000, "é".repeat(61) + "a"), closePayload(4000, "é".repeat(61) + "a"))
        val tooLong = assertFailsWith<IllegalArgumentException> { closePayload(4000, "é".repeat(62)) }
        assertEquals("A close reason holds at most 123 bytes of UTF-8, not 124", tooLong.message)
    }

    private fun payload(code: Int, reason: String) = byteArrayOf((code shr 8).toByte(), code.toByte()) + reason.toByteArray()

    private fun refusal(payload: ByteArray) = assertFailsWith<Violation> { readClose(payload) }.info.let { "${it.code} ${it.reason}" }
}
