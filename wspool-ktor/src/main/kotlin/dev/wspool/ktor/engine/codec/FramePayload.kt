package dev.wspool.ktor.engine.codec

import java.nio.ByteBuffer

/**
 * Collects the payload of one frame. A head may promise what never comes: so memory is taken with the bytes, and above
 * [SMALL] of them no more than twice what has come.
 */
internal class FramePayload(private val length: Int) {
    private var bytes = EMPTY
    private var size = 0
    private var checked = 0

    /** Takes what [input] has of it, and says whether it is whole. */
    fun read(input: ByteBuffer): Boolean {
        val more = minOf(length - size, input.remaining())
        if (size + more > bytes.size) bytes = bytes.copyOf(roomFor(size + more))
        input.get(bytes, size, more)
        size += more
        return size == length
    }

    private fun roomFor(size: Int) = minOf(length.toLong(), maxOf(size.toLong(), bytes.size * 2L, SMALL)).toInt()

    /** Checks what has come since the last check. */
    fun check(utf8: Utf8Check): Boolean = utf8.accepts(bytes, checked, size).also { checked = size }

    /** The whole payload. */
    fun take(): ByteArray = bytes

    private companion object {
        val EMPTY = ByteArray(0)
        const val SMALL = 1024L
    }
}
