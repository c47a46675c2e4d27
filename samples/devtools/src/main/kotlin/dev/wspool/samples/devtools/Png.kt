package dev.wspool.samples.devtools

import java.nio.ByteBuffer

/** A picture: the bytes of a PNG file. */
class Png(val bytes: ByteArray) {
    /** In pixels, such as 800x600; null where this is no PNG. */
    val size: String?
        get() {
            if (bytes.size < HEADER || !bytes.copyOf(SIGNATURE.size).contentEquals(SIGNATURE)) return null
            val sizes = ByteBuffer.wrap(bytes, WIDTH_AT, 2 * Int.SIZE_BYTES)
            return "${sizes.getInt()}x${sizes.getInt()}"
        }

    private companion object {
        val SIGNATURE = byteArrayOf(0x89.toByte(), 'P'.code.toByte(), 'N'.code.toByte(), 'G'.code.toByte(), 13, 10, 26, 10)

        /** After the signature, and the length and the name of the first chunk, IHDR. */
        const val WIDTH_AT = 16
        const val HEADER = 24
    }
}
