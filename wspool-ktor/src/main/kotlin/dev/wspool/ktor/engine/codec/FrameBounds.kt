package dev.wspool.ktor.engine.codec

/**
 * How many bytes a message may have on the wire.
 *
 * @property compressedMessage the bound for one with RSV1, or null where no extension gives that bit a meaning.
 */
internal class FrameBounds(val message: Int, val compressedMessage: Int? = null) {
    companion object {
        /** No array is larger. */
        const val LARGEST = Int.MAX_VALUE - 8
    }
}
