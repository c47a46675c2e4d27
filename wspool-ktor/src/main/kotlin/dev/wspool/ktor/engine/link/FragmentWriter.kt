package dev.wspool.ktor.engine.link

import dev.wspool.ktor.engine.codec.Opcode
import dev.wspool.ktor.engine.loop.NioSocket

/** Writes frames of any size, in pieces of [maxBytesInFlight] at most, each when there is room for it. For one sender at a time. */
internal class FragmentWriter(private val socket: NioSocket, private val maxBytesInFlight: Int) {
    /**
     * Returns when [bytes] are written, or no more than the bound of them is left. Cancelled within the message, it aborts the
     * connection: the next message would continue this one. False where the connection has ended.
     */
    suspend fun send(opcode: Int, bytes: ByteArray, isFinal: Boolean, isCompressed: Boolean): Boolean {
        var start = 0
        var isWhole = false
        try {
            do {
                val end = minOf(bytes.size - start, maxBytesInFlight) + start
                val from = start
                isWhole = end == bytes.size
                val kind = if (from == 0) opcode else Opcode.CONTINUATION
                // RFC 7692, 6: the first frame alone says that the message is compressed.
                if (!socket.write { it.putFrame(kind, bytes, from, end, isFinal && isWhole, isCompressed && from == 0) }) return false
                start = end
                if (!socket.awaitAtMost(if (isWhole) maxBytesInFlight else maxBytesInFlight - 1)) return false
            } while (!isWhole)
        } catch (failure: Throwable) {
            if (!isWhole) socket.abort()
            throw failure
        }
        return true
    }
}
