package dev.wspool.ktor.engine.tls

import dev.wspool.ktor.engine.endAt
import dev.wspool.ktor.engine.moveTo
import dev.wspool.ktor.engine.toRead
import java.nio.ByteBuffer

/**
 * Ciphertext that has come and cannot be unwrapped yet: the beginning of a record, or what came behind a record that stopped the
 * reading. Holds a buffer only while there is any. For the loop's thread alone.
 */
internal class Backlog(private val buffers: TlsBuffers) {
    /** From its position to its limit: what is kept. */
    private var kept: ByteBuffer? = null

    /**
     * Where the next record is to be read from: [cipher] itself, or, where something is kept, that with as much of [cipher] as
     * completes its record. So of a stream of records only those that a read has split are copied.
     */
    fun next(cipher: ByteBuffer): ByteBuffer {
        kept ?: return cipher
        // The header first, as it says how much is lacking then.
        repeat(2) { keep(cipher, lacking()) }
        return kept!!
    }

    /** Keeps the next [most] bytes of [cipher], or all where there are fewer. */
    fun keep(cipher: ByteBuffer, most: Int = cipher.remaining()) {
        val count = minOf(most, cipher.remaining())
        if (count <= 0) return
        val held = roomFor(count)
        // Behind what is kept, with the reading position where it was.
        val from = held.position()
        val end = cipher.limit()
        held.moveTo(held.limit())
        held.endAt(held.limit() + count)
        cipher.endAt(cipher.position() + count)
        held.put(cipher)
        cipher.endAt(end)
        held.moveTo(from)
    }

    /** Gives the buffer back where all of it has been read. */
    fun tidy() {
        if (kept?.hasRemaining() == false) clear()
    }

    /** Drops what is kept. */
    fun clear() {
        kept?.let(buffers::give)
        kept = null
    }

    /** How many bytes the first record that is kept, or its header, needs to be complete. */
    private fun lacking(): Int {
        val held = kept!!
        if (held.remaining() < HEADER) return HEADER - held.remaining()
        val body = held.getShort(held.position() + LENGTH).toInt() and 0xFFFF
        return HEADER + body - held.remaining()
    }

    private fun roomFor(count: Int): ByteBuffer {
        val held = kept
        if (held != null && held.capacity() - held.limit() >= count) return held
        val size = count + (held?.remaining() ?: 0)
        val room = buffers.take(size)
        if (held != null) {
            room.put(held)
            buffers.give(held)
        }
        kept = room.toRead()
        return room
    }

    private companion object {
        /** Type, version, length (RFC 8446, 5.1). */
        const val HEADER = 5
        const val LENGTH = 3
    }
}
