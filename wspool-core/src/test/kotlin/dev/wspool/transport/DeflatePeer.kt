package dev.wspool.transport

import java.io.ByteArrayOutputStream
import java.util.zip.Deflater
import java.util.zip.Inflater
import kotlin.random.Random

/** The server's end of permessage-deflate, made of java.util.zip as RFC 7692, 7.2, says: streams that never end, or are reset. */
internal class DeflatePeer(
    private val clientTakesOver: Boolean,
    private val serverTakesOver: Boolean,
    level: Int = Deflater.DEFAULT_COMPRESSION,
) : AutoCloseable {
    private val deflater = Deflater(level, true)
    private val inflater = Inflater(true)

    /** Compressed whatever its size, as npm's ws does. */
    fun payload(message: ByteArray, flush: Int = Deflater.SYNC_FLUSH): ByteArray {
        deflater.setInput(message)
        val output = ByteArrayOutputStream()
        val buffer = ByteArray(64 * 1024)
        do {
            val size = deflater.deflate(buffer, 0, buffer.size, flush)
            output.write(buffer, 0, size)
        } while (size == buffer.size)
        if (!serverTakesOver) deflater.reset()
        return output.toByteArray().withoutTail()
    }

    fun message(payload: ByteArray): ByteArray {
        if (!clientTakesOver) inflater.reset()
        inflater.setInput(payload + TAIL)
        val output = ByteArrayOutputStream()
        val buffer = ByteArray(64 * 1024)
        do {
            val size = inflater.inflate(buffer)
            output.write(buffer, 0, size)
        } while (size > 0)
        check(inflater.remaining == 0 && !inflater.finished()) { "The payload is not the whole of a message" }
        return output.toByteArray()
    }

    override fun close() {
        deflater.end()
        inflater.end()
    }

    private fun ByteArray.withoutTail(): ByteArray {
        if (isEmpty()) return this // zlib writes nothing where it flushes an empty message behind another
        check(takeLast(TAIL.size) == TAIL.asList()) { "Not flushed" }
        return copyOf(size - TAIL.size)
    }

    private companion object {
        val TAIL = byteArrayOf(0, 0, -1, -1)
    }
}

/** Text as it might be sent, of which deflate leaves about a fifth. */
internal fun jsonOf(size: Int, seed: Int = 1): ByteArray {
    val random = Random(seed)
    val text = StringBuilder("[")
    while (text.length < size) {
        val side = if (random.nextBoolean()) "buy" else "sell"
        text.append("""{"id":${random.nextInt(1_000_000)},"symbol":"${"ABCDEFGH".random(random)}BTC",""")
        text.append(""""price":${random.nextInt(100_000) / 100.0},"quantity":${random.nextInt(1_000)},"side":"$side"},""")
    }
    return text.substring(0, size).toByteArray()
}

/** `f2 48` as the RFC writes it. */
internal fun hex(text: String): ByteArray = text.split(' ').map { it.toInt(16).toByte() }.toByteArray()

internal fun ByteArray.toHex(): String = joinToString(" ") { "%02x".format(it) }
