package dev.wspool.ktor.engine.codec

import java.nio.ByteBuffer

/** Collects the head of one frame, byte by byte, and holds it (RFC 6455, 5.2). */
internal class FrameHead {
    private var size = 0
    private var second = 0

    private var first = 0

    /** Of the payload. */
    var length = 0L
        private set

    val isFinal: Boolean get() = first and FINAL != 0
    val opcode: Int get() = first and OPCODE
    val reserved: Int get() = first and RESERVED
    val isControl: Boolean get() = opcode >= Opcode.FIRST_CONTROL

    /** A server must not mask (5.1). */
    val isMasked: Boolean get() = second and MASKED != 0

    /** False where the length could have been told in fewer bytes, which 5.2 forbids, or has its highest bit set. */
    val isLengthMinimal: Boolean get() = when (second and LENGTH) {
        TWO_BYTES -> length >= TWO_BYTES
        EIGHT_BYTES -> length > LARGEST_IN_TWO
        else -> true
    }

    /** Takes bytes from [input] until the head is whole, and says whether it is. */
    fun read(input: ByteBuffer): Boolean {
        while (input.hasRemaining()) {
            val byte = input.get().toInt() and 0xff
            when (size++) {
                0 -> first = byte
                1 -> {
                    second = byte
                    length = if (extension() == 0) (byte and LENGTH).toLong() else 0
                }
                else -> length = (length shl 8) or byte.toLong()
            }
            if (size >= 2 && size == 2 + extension()) {
                size = 0
                return true
            }
        }
        return false
    }

    private fun extension() = when (second and LENGTH) {
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
