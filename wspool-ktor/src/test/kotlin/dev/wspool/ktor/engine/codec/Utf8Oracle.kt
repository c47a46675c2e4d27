package dev.wspool.ktor.engine.codec

import java.nio.ByteBuffer
import java.nio.CharBuffer
import kotlin.random.Random

/** Whether these bytes are UTF-8, as the JDK says. */
internal fun isUtf8(bytes: ByteArray): Boolean {
    val characters = CharBuffer.allocate(bytes.size)
    return !Charsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes), characters, true).isError
}

/** Whether these bytes are UTF-8, or would be with more behind them. The JDK's decoder does not tell a surrogate from its second byte. */
internal fun canBecomeUtf8(bytes: ByteArray): Boolean = ENDINGS.any { isUtf8(bytes + it) }

/** Whatever the unfinished character is, one of these finishes it: nearly all second bytes are above 0x90, or below. */
private val ENDINGS = listOf(bytesOf()) + listOf(0x80, 0x90, 0xa0).flatMap { next ->
    listOf(bytesOf(next), bytesOf(next, 0x80), bytesOf(next, 0x80, 0x80))
}

/** A character of one to four bytes, each as likely. */
internal fun Random.randomPoint(): Int = when (nextInt(4)) {
    0 -> nextInt(0x80)
    1 -> nextInt(0x80, 0x800)
    2 -> generateSequence { nextInt(0x800, 0x10000) }.first { it !in 0xd800..0xdfff }
    else -> nextInt(0x10000, Character.MAX_CODE_POINT + 1)
}
