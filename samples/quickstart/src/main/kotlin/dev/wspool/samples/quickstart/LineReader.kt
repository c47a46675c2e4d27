package dev.wspool.samples.quickstart

import java.io.BufferedInputStream
import java.io.ByteArrayOutputStream
import java.io.InputStream
import java.nio.ByteBuffer
import java.nio.charset.CharacterCodingException

/**
 * Reads lines of UTF-8 that end with LF or CRLF, the last one maybe with neither. Whatever the input is, a line takes bounded
 * memory: one that is longer than [limit] bytes is skipped, and is a line that cannot be sent.
 */
class LineReader(input: InputStream, private val limit: Int = LIMIT) {
    private val input = BufferedInputStream(input, BUFFER)
    private val bytes = ByteArrayOutputStream()
    private var number = 0L
    private var position = 0L

    /** The next line, or null at the end. Blocks its thread. */
    fun next(): Line? {
        bytes.reset()
        val start = position
        var byte = input.read()
        while (byte >= 0 && byte != '\n'.code) {
            position++
            if (bytes.size() <= limit) bytes.write(byte) // one more than the limit, for the CR of a CRLF
            byte = input.read()
        }
        if (byte >= 0) {
            position++
        } else if (position == start) {
            return null
        }
        return line()
    }

    private fun line(): Line {
        val line = bytes.toByteArray()
        val length = if (line.lastOrNull() == '\r'.code.toByte()) line.size - 1 else line.size
        number++
        if (length > limit) return Line(number, null, "longer than $limit bytes", position)
        return try {
            Line(number, Charsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line, 0, length)).toString(), "", position)
        } catch (_: CharacterCodingException) {
            Line(number, null, "not valid UTF-8", position)
        }
    }

    private companion object {
        const val LIMIT = 16 shl 20
        const val BUFFER = 1 shl 16
    }
}
