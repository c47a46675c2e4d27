package dev.wspool.samples.quickstart

import org.junit.jupiter.api.Test
import kotlin.test.assertEquals

class LineReaderTest {
    @Test
    fun lineEndsWithLfOrCrlfOrTheInput() = assertEquals(listOf("a", "b", "", "c\rd", "e"), lines("a\nb\r\n\nc\rd\ne"))

    @Test
    fun finalLineEndBeginsNoLine() = assertEquals(listOf("a", ""), lines("a\n\n"))

    @Test
    fun emptyInputHasNoLines() = assertEquals(emptyList(), lines(""))

    @Test
    fun lineOverTheLimitIsSkippedWhole() {
        val tooLong = "longer than 5 bytes"
        assertEquals(listOf("12345", tooLong, "12345", tooLong, "x"), lines("12345\n123456\n12345\r\n1234567890\nx"))
    }

    @Test
    fun malformedUtf8IsNotReplacedButRefused() {
        val bytes = byteArrayOf('a'.code.toByte(), 0xC3.toByte(), '\n'.code.toByte(), 'b'.code.toByte())
        assertEquals(listOf("not valid UTF-8", "b"), lines(bytes))
    }

    @Test
    fun linesAreNumberedAndTellWhereTheyEnd() {
        val reader = LineReader("ä\r\nb".byteInputStream())
        assertEquals(listOf(1L to 4L, 2L to 5L), generateSequence { reader.next() }.map { it.number to it.end }.toList())
    }

    private fun lines(text: String) = lines(text.toByteArray())

    private fun lines(bytes: ByteArray): List<String> {
        val reader = LineReader(bytes.inputStream(), limit = 5)
        return generateSequence { reader.next() }.map { it.text ?: it.problem }.toList()
    }
}
