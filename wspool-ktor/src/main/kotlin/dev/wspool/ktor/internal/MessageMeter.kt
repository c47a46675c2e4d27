package dev.wspool.ktor.internal

import okio.Buffer

/**
 * Follows the frames of a server (RFC 6455, 5.2) without keeping them, as OkHttp puts a message together, whatever its size,
 * before anybody can say that it is too big.
 */
internal class MessageMeter(private val maxMessageSize: Int) {
    private val header = ByteArray(LONGEST_HEADER)
    private var headerSize = 0
    private var payloadLeft = 0L
    private var messageSize = 0L

    /** Looks at what [buffer] holds from [start] on. False where it begins a message of more bytes than there may be. */
    fun accepts(buffer: Buffer, start: Long): Boolean {
        var at = start
        while (at < buffer.size) {
            val skipped = minOf(payloadLeft, buffer.size - at)
            payloadLeft -= skipped
            at += skipped
            if (at == buffer.size) break
            header[headerSize++] = buffer[at++]
            if (headerSize >= 2 && headerSize == 2 + lengthSize() && !endHeader()) return false
        }
        return true
    }

    /** A frame that breaks the protocol, such as one that is masked, is left to OkHttp, which ends the connection. */
    private fun lengthSize(): Int = when (header[1].toInt() and SHORT_LENGTH) {
        TWO_BYTES -> 2
        EIGHT_BYTES -> 8
        else -> 0
    }

    private fun endHeader(): Boolean {
        var length = (header[1].toInt() and SHORT_LENGTH).toLong()
        if (headerSize > 2) {
            length = 0
            for (i in 2 until headerSize) length = (length shl 8) or (header[i].toLong() and 0xff)
        }
        headerSize = 0
        if (length < 0) return true
        payloadLeft = length
        val first = header[0].toInt()
        if (first and CONTROL != 0) return true
        if (length > maxMessageSize - messageSize) return false
        messageSize = if (first and FIN != 0) 0 else messageSize + length
        return true
    }

    private companion object {
        const val LONGEST_HEADER = 10
        const val SHORT_LENGTH = 0x7f
        const val TWO_BYTES = 126
        const val EIGHT_BYTES = 127
        const val CONTROL = 0x08
        const val FIN = 0x80
    }
}
