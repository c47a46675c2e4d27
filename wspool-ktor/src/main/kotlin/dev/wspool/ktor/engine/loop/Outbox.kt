package dev.wspool.ktor.engine.loop

import dev.wspool.ktor.engine.codec.FrameEncoder
import java.nio.ByteBuffer
import java.nio.channels.GatheringByteChannel

/**
 * What is to be written and is not yet: encoded frames, in as few buffers as they fit into; an empty one has no buffer.
 * Guarded by its socket's lock.
 */
internal class Outbox(private val shared: Shared) {
    private var first: Chunk? = null
    private var last: Chunk? = null
    private var isClosed = false

    /** How many bytes are unwritten. */
    var size = 0
        private set

    val isEmpty: Boolean get() = size == 0

    /** Puts bytes that are no frame: what comes before the first one. */
    fun putRaw(bytes: ByteArray) {
        size += bytes.size
        var at = 0
        while (at < bytes.size) {
            val target = chunkFor(1).buffer
            val more = minOf(target.remaining(), bytes.size - at)
            target.put(bytes, at, more)
            at += more
        }
    }

    /** Puts a frame with the bytes of [payload] from [start] until [end] behind all others. False where that would be behind a Close. */
    fun putFrame(opcode: Int, payload: ByteArray, start: Int, end: Int, isFinal: Boolean, isCompressed: Boolean): Boolean {
        if (isClosed) return false
        val key = shared.keys.next()
        // In one chunk, or from the beginning of one on: there a control frame can overtake it.
        var chunk = chunkFor(FrameEncoder.LARGEST_HEAD + (end - start))
        chunk.isForControls = false
        val before = chunk.buffer.position()
        FrameEncoder.putHead(chunk.buffer, opcode, isFinal, isCompressed, end - start, key)
        size += chunk.buffer.position() - before + end - start
        var at = FrameEncoder.putMasked(chunk.buffer, payload, start, end, key, start)
        while (at < end) {
            chunk.endsFrame = false
            chunk = append().also { it.beginsFrame = false }
            at = FrameEncoder.putMasked(chunk.buffer, payload, at, end, key, start)
        }
        return true
    }

    /** Puts a control frame before all frames of which nothing is written yet (RFC 6455, 5.4: never within one). */
    fun putControl(opcode: Int, payload: ByteArray): Boolean {
        if (isClosed) return false
        val chunk = chunkForControl()
        val before = chunk.buffer.position()
        val key = shared.keys.next()
        FrameEncoder.putHead(chunk.buffer, opcode, isFinal = true, isCompressed = false, payload.size, key)
        FrameEncoder.putMasked(chunk.buffer, payload, 0, payload.size, key, 0)
        size += chunk.buffer.position() - before
        return true
    }

    /** Behind the controls that are before these frames already, and in their chunk: each has but a few bytes. */
    private fun chunkForControl(): Chunk {
        var before: Chunk? = null
        var chunk = first
        while (chunk != null && (chunk.isForControls || !(chunk.isUntouched && chunk.beginsFrame))) {
            before = chunk
            chunk = chunk.next
        }
        if (before != null && before.endsFrame && before.buffer.remaining() >= LARGEST_CONTROL) return before
        return insert(before).apply { isForControls = true }
    }

    /** Puts a Close behind all others; nothing comes after it (RFC 6455, 5.5.1). */
    fun putClose(opcode: Int, payload: ByteArray): Boolean =
        putFrame(opcode, payload, 0, payload.size, isFinal = true, isCompressed = false).also { isClosed = true }

    /** Takes out the frames of which nothing is written: they are nobody's concern any more. */
    fun dropUnbegun() {
        if (isClosed) return // a Close is among them, which stays
        var before: Chunk? = null
        var chunk = first
        while (chunk != null && !(chunk.isUntouched && chunk.beginsFrame)) {
            before = chunk
            chunk = chunk.next
        }
        if (before == null) first = null else before.next = null
        last = before
        drop(chunk)
    }

    /** Drops all that is unwritten; nothing can be put any more. */
    fun close() {
        isClosed = true
        val all = first
        first = null
        last = null
        drop(all)
    }

    private fun drop(chunks: Chunk?) {
        var chunk = chunks
        while (chunk != null) {
            val next = chunk.next
            size -= chunk.unwritten
            shared.chunks.give(chunk)
            chunk = next
        }
    }

    /** Writes what [channel] takes, and returns how much that was. */
    fun writeTo(channel: GatheringByteChannel): Int {
        val head = first ?: return 0
        if (head.next == null) return read(head) { channel.write(it) }.also(::written)
        val all = generateSequence(head) { it.next }.take(MOST_AT_ONCE).toList()
        val buffers = Array(all.size) { all[it].beginReading() }
        return try {
            channel.write(buffers).toInt()
        } finally {
            all.forEach(Chunk::endReading)
        }.also(::written)
    }

    /** Hands what is unwritten of the first chunk to [encrypt], and returns what that returns. Not where it is empty. */
    inline fun <T> encryptFirst(encrypt: (ByteBuffer) -> T): T {
        val head = first!!
        val before = head.unwritten
        val result = read(head, encrypt)
        written(before - head.unwritten)
        return result
    }

    private inline fun <T> read(chunk: Chunk, action: (ByteBuffer) -> T): T {
        val buffer = chunk.beginReading()
        try {
            return action(buffer)
        } finally {
            chunk.endReading()
        }
    }

    private fun written(bytes: Int) {
        size -= bytes
        while (true) {
            val head = first ?: break
            if (head.unwritten > 0) return
            first = head.next
            shared.chunks.give(head)
        }
        last = null
    }

    private fun chunkFor(room: Int): Chunk = last?.takeIf { it.buffer.remaining() >= room } ?: append()

    private fun append(): Chunk = insert(last)

    private fun insert(before: Chunk?): Chunk {
        val chunk = shared.chunks.take()
        if (before == null) {
            chunk.next = first
            first = chunk
        } else {
            chunk.next = before.next
            before.next = chunk
        }
        if (last === before) last = chunk
        return chunk
    }

    private companion object {
        const val LARGEST_CONTROL = 131 // RFC 6455, 5.5: a head of 2 bytes, a key of 4, a payload of 125
        const val MOST_AT_ONCE = 8
    }
}
