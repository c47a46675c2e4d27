package dev.wspool.internal.accept

import java.security.SecureRandom

private val random = SecureRandom()
private const val DIGITS = "0123456789abcdef"

/** So many hex digits, an even number of them, that nobody can guess. */
internal fun randomHex(digits: Int): String {
    val bytes = ByteArray(digits / 2).also(random::nextBytes)
    return buildString(digits) {
        for (byte in bytes) append(DIGITS[byte.toInt() shr 4 and 0xf]).append(DIGITS[byte.toInt() and 0xf])
    }
}
