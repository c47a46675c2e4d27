package dev.wspool.transport

import dev.wspool.Compression
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull

/** The examples of RFC 7692, 7.2.3, byte for byte. */
class DeflateExamplesTest {
    @Test
    fun aMessageOfOneBlock() = assertEquals("Hello", inflated("f2 48 cd c9 c9 07 00")) // 7.2.3.1

    @Test
    fun theFragmentsOfAMessageAreOnePayload() = assertEquals("Hello", inflate(hex("f2 48 cd") + hex("c9 c9 07 00"))) // 7.2.3.1

    @Test
    fun aMessageThatRefersToTheOneBefore() { // 7.2.3.2
        val deflate = accept()
        assertEquals("Hello", deflate.inflate(hex("f2 48 cd c9 c9 07 00")).decodeToString())
        assertEquals("Hello", deflate.inflate(hex("f2 00 11 00 00")).decodeToString())
        assertEquals("Hello", deflate.inflate(hex("f2 00 11 00 00")).decodeToString())
    }

    @Test
    fun aBlockWithoutCompression() = assertEquals("Hello", inflated("00 05 00 fa ff 48 65 6c 6c 6f 00")) // 7.2.3.3

    @Test
    fun aBlockWithBfinal() = assertEquals("Hello", inflated("f3 48 cd c9 c9 07 00 00")) // 7.2.3.4

    @Test
    fun twoBlocksInOneMessage() = assertEquals("Hello", inflated("f2 48 05 00 00 00 ff ff ca c9 c9 07 00")) // 7.2.3.5

    @Test
    fun anEmptyMessage() = assertEquals("", inflated("00")) // 7.2.3.6

    @Test
    fun whatIsSentIsWhatTheAlgorithmMakesAndNothingElse() { // 7.2.3.1 and 7.2.3.2
        val deflate = accept()
        val hellos = "Hello".repeat(8).toByteArray()
        assertEquals("f2 48 cd c9 c9 f7 20 4c 00 00", deflate.deflate(hellos)?.toHex())
        assertEquals("22 96 00 00", deflate.deflate(hellos)?.toHex())
    }

    @Test
    fun whatIsNotSmallerIsNotCompressed() {
        val deflate = accept()
        for (message in listOf("", "H", "Hello")) assertNull(deflate.deflate(message.toByteArray()), message)
    }

    @Test
    fun blocksWithBfinalEndNeitherTheMessageNorTheWindow() {
        val deflate = accept()
        val hello = "f3 48 cd c9 c9 07 00"
        assertEquals("HelloHello", deflate.inflate(hex("$hello $hello 00")).decodeToString())
        // The reference goes back over the end of the stream, within the message and to the one before.
        assertEquals("HelloHello", deflate.inflate(hex("$hello f2 00 11 00 00")).decodeToString())
        assertEquals("HelloHello", deflate.inflate(hex("f3 00 11 00 f2 00 11 00 00")).decodeToString())
    }

    @Test
    fun aPeerMayLeaveOutWhatCarriesNothing() {
        // Neither is what the RFC says, and both have been seen: a stream with BFINAL and nothing behind it, and no byte at all.
        assertEquals("Hello", inflated("f3 48 cd c9 c9 07 00"))
        assertEquals("", inflate(ByteArray(0)))
    }

    private fun inflated(payload: String) = inflate(hex(payload))

    private fun inflate(payload: ByteArray) = accept().use { it.inflate(payload).decodeToString() }

    private fun accept() = checkNotNull(
        PerMessageDeflate.accept(Compression(minSize = 0, clientNoContextTakeover = false), listOf("permessage-deflate"), 1_000),
    )
}
