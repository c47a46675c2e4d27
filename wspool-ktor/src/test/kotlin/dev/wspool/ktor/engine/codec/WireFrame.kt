package dev.wspool.ktor.engine.codec

import java.io.ByteArrayOutputStream
import java.io.DataOutputStream

/**
 * A frame as a server writes it (RFC 6455, 5.2), and as none may; written here without the code under test.
 *
 * @param opcode a number, so that those can be said which there are not.
 * @param reserved RSV1 to RSV3 as they are in the first byte.
 * @param isMasked sets the bit alone: nobody reads as far as the key.
 * @param lengthSize in how many bytes beside the second the length is told: 0, 2 or 8.
 * @param length what the head says, whatever the payload is.
 */
internal class WireFrame(
    val opcode: Int,
    val payload: ByteArray = ByteArray(0),
    val isFinal: Boolean = true,
    val reserved: Int = 0,
    val isMasked: Boolean = false,
    val length: Long = payload.size.toLong(),
    val lengthSize: Int = if (length in 0..125) {
        0
    } else if (length in 126..65535) {
        2
    } else {
        8
    },
) {
    constructor(opcode: Int, text: String, isFinal: Boolean = true, reserved: Int = 0) : this(opcode, text.toByteArray(), isFinal, reserved)

    fun bytes(): ByteArray {
        val bytes = ByteArrayOutputStream()
        val output = DataOutputStream(bytes)
        output.writeByte((if (isFinal) 0x80 else 0) + reserved + opcode)
        val mask = if (isMasked) 0x80 else 0
        when (lengthSize) {
            0 -> output.writeByte(mask + length.toInt())
            2 -> {
                output.writeByte(mask + 126)
                output.writeShort(length.toInt())
            }
            else -> {
                output.writeByte(mask + 127)
                output.writeLong(length)
            }
        }
        output.write(payload)
        return bytes.toByteArray()
    }

    companion object {
        const val RSV1 = 0x40
        const val RSV2 = 0x20
        const val RSV3 = 0x10
    }
}

internal fun List<WireFrame>.bytes(): ByteArray = fold(ByteArray(0)) { all, frame -> all + frame.bytes() }

internal fun bytesOf(vararg bytes: Int): ByteArray = ByteArray(bytes.size) { bytes[it].toByte() }
