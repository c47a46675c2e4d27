package dev.wspool.ktor.engine.codec

import java.nio.ByteBuffer

/** Collects the head of one frame, byte by byte, and holds it (RFC 6455, 5.2). */
internal class FrameHead {
    // Bytes, as each of thousands of idle connections has them.
    private var size: Byte = 0
    private var first: Byte = 0
    private var second: Byte = 0

    /** Of the payload. */
    var length = 0L
        private set

    val isFinal: Boolean get() = first.toInt() and FINAL != 0
    val opcode: Int get() = first.toInt() and OPCODE
    val reserved: Int get() = first.toInt() and RESERVED
    val isControl: Boolean get() = opcode >= Opcode.FIRST_CONTROL

    /** A server must not mask (5.1). */
    val isMasked: Boolean get() = second.toInt() and MASKED != 0

    /** Seven bits, which tell the length or how many bytes tell it. */
    private val shortLength: Int get() = second.toInt() and LENGTH

    /** False where the length could have been told in fewer bytes, which 5.2 forbids, or has its highest bit set. */
    val isLengthMinimal: Boolean get() = when (shortLength) {
        TWO_BYTES -> length >= TWO_BYTES
        EIGHT_BYTES -> length > LARGEST_IN_TWO
        else -> true
    }

    /** Takes bytes from [input] until the head is whole, and says whether it is. */
    fun read(input: ByteBuffer): Boolean {
        while (input.hasRemaining()) {
            val byte = input.get()
            when (size++.toInt()) {
                0 -> first = byte
                1 -> {
                    second = byte
                    length = if (extension() == 0) shortLength.toLong() else 0
                }
                else -> length = (length shl 8) or (byte.toLong() and 0xff)
            }
            if (size >= 2 && size.toInt() == 2 + extension()) {
                size = 0
                return true
            }
        }
        return false
    }

    private fun extension() = when (shortLength) {
        TWO_BYTES -> 2
        EIGHT_BYTES -> 8
        else -> 0
    }

    companion object {
        const val FINAL = 0x80
        const val RSV1 = 0x40
        const val MASKED = 0x80
        const val TWO_BYTES = 126
        const val EIGHT_BYTES = 127
        const val LARGEST_IN_TWO = 0xffffL
        private const val RESERVED = 0x70
        private const val OPCODE = 0x0f
        private const val LENGTH = 0x7f
    }
}
