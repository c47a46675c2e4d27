package dev.wspool.ktor.engine.tls

import dev.wspool.ktor.engine.toFill
import java.nio.ByteBuffer

/**
 * Buffers that all connections of an engine share, so that an idle one has none. Any thread may take and give.
 *
 * They are on the heap: there `SSLEngine` wraps and unwraps a record of 16,000 bytes in 3.2 and 3.3 µs, in direct ones in 5.1
 * and 5.2 (JDK 17; 25: 1.6 and 3.2, and 4.5), as AES-GCM works on arrays and copies what is none. The copy that a socket makes
 * of a heap buffer costs less than that.
 *
 * @param most how many are kept while nobody has them; what is above goes to the garbage collector.
 */
internal class TlsBuffers(private val most: Int = MOST) {
    private val free = ArrayDeque<ByteBuffer>()

    /** How many are with somebody. */
    var taken = 0
        @Synchronized get
        private set

    /** How many wait to be used again. */
    val idle: Int @Synchronized get() = free.size

    /** An empty buffer for at least [size] bytes: one that is shared, or where that would be waste or too small, one of its own. */
    fun take(size: Int): ByteBuffer {
        val shared = synchronized(this) {
            taken++
            if (size in SMALL + 1..SIZE) free.removeLastOrNull() else null
        }
        return shared ?: ByteBuffer.allocate(if (size in SMALL + 1..SIZE) SIZE else size)
    }

    /** Whoever gives a [buffer] back must not touch it any more. */
    @Synchronized
    fun give(buffer: ByteBuffer) {
        check(--taken >= 0) { "bug: a buffer was given back twice" }
        if (buffer.capacity() == SIZE && free.size < most) free.addLast(buffer.toFill())
    }

    companion object {
        /** The longest record of TLS 1.2 with its header (RFC 5246, 6.2.3); those of TLS 1.3 are shorter (RFC 8446, 5.2). */
        const val SIZE = 5 + 16_384 + 2_048

        /** Up to here a buffer of its own costs less than a shared one that is held for a few bytes. */
        private const val SMALL = 1_024
        private const val MOST = 16
    }
}
