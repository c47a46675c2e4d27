package dev.wspool.ktor.engine.codec

/**
 * Checks UTF-8 that comes in pieces, and finds the first byte that cannot be (RFC 3629; the Unicode Standard, table 3-7):
 * no overlong forms, no surrogates, nothing above U+10FFFF.
 */
internal class Utf8Check {
    /** How many bytes the character still needs, and between what the next one has to be. */
    private var missing = 0
    private var lowest = LOWEST
    private var highest = HIGHEST

    val isWithinCharacter: Boolean get() = missing > 0

    /** False where [bytes] from [start] until [end], behind what was checked before, cannot be UTF-8. */
    fun accepts(bytes: ByteArray, start: Int, end: Int): Boolean {
        var at = start
        while (true) {
            if (missing == 0) while (at < end && bytes[at] >= 0) at++ // ASCII, which most text is
            if (at == end) return true
            val byte = bytes[at++].toInt()
            if (missing == 0) {
                if (!begin(byte and 0xff)) return false
            } else {
                if ((byte and 0xff) !in lowest..highest) return false
                missing--
                lowest = LOWEST
                highest = HIGHEST
            }
        }
    }

    private fun begin(byte: Int): Boolean {
        when (byte) {
            in 0xc2..0xdf -> missing = 1
            in 0xe0..0xef -> missing = 2
            in 0xf0..0xf4 -> missing = 3
            else -> return false
        }
        when (byte) {
            0xe0 -> lowest = 0xa0
            0xed -> highest = 0x9f
            0xf0 -> lowest = 0x90
            0xf4 -> highest = 0x8f
        }
        return true
    }

    private companion object {
        const val LOWEST = 0x80
        const val HIGHEST = 0xbf
    }
}
