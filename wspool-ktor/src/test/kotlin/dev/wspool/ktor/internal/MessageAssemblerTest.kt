package dev.wspool.ktor.internal

import dev.wspool.Message
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** Messages out of the payloads of their frames, without compression. */
class MessageAssemblerTest {
    private val messages = MessageAssembler(maxMessageSize = 10)

    @Test
    fun frameThatIsAMessageIsHandedOverWithoutACopy() {
        val payload = byteArrayOf(1, 2)
        assertTrue(payload === assertIs<Message.Binary>(messages.add(payload, isText = false, isFinal = true, isRsv1 = false)).bytes)
        assertTrue(messages.isBetweenMessages)
    }

    @Test
    fun fragmentsAreOneMessage() {
        assertNull(text("a", isFinal = false))
        assertFalse(messages.isBetweenMessages)
        assertNull(text("", isFinal = false))
        assertEquals(Message.Text("abc"), text("bc"))
        assertTrue(messages.isBetweenMessages)
        assertEquals(Message.Text("d"), text("d"))
    }

    @Test
    fun emptyFragmentsAreAnEmptyMessage() {
        assertNull(text("", isFinal = false))
        assertEquals(Message.Text(""), text(""))
    }

    @Test
    fun characterMayBeSplitBetweenFragments() {
        val euro = "€".toByteArray()
        assertNull(messages.add(euro.copyOf(1), isText = true, isFinal = false, isRsv1 = false))
        assertEquals(Message.Text("€"), messages.add(euro.copyOfRange(1, 3), isText = true, isFinal = true, isRsv1 = false))
    }

    @Test
    fun replacementThatThePeerHasSentIsText() = assertEquals(Message.Text("\ufffd"), text("\ufffd"))

    @Test
    fun textThatIsNotUtf8IsRefused() {
        val refused = assertFailsWith<Violation> { messages.add(byteArrayOf(-1), isText = true, isFinal = true, isRsv1 = false) }
        assertEquals("1007 A text message is not valid UTF-8", shown(refused))
    }

    @Test
    fun messageHoldsItsBoundAndNoMore() {
        assertEquals(Message.Binary(ByteArray(10)), binary(10))
        assertEquals(TOO_BIG, shown(assertFailsWith<Violation> { binary(11) }))
        assertNull(binary(10, isFinal = false))
        assertNull(binary(0, isFinal = false))
        assertEquals(TOO_BIG, shown(assertFailsWith<Violation> { binary(1, isFinal = false) }))
    }

    private fun binary(size: Int, isFinal: Boolean = true) = messages.add(ByteArray(size), isText = false, isFinal, isRsv1 = false)

    private fun text(text: String, isFinal: Boolean = true) = messages.add(text.toByteArray(), isText = true, isFinal, isRsv1 = false)

    private fun shown(violation: Violation) = violation.info.let { "${it.code} ${it.reason}" }

    private companion object {
        const val TOO_BIG = "1009 A message of more than 10 bytes has been received"
    }
}
