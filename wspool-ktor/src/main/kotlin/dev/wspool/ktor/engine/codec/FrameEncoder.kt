package dev.wspool.ktor.engine.codec

import java.nio.ByteBuffer

/** Writes a client's frames (RFC 6455, 5.2): all of them are masked. */
internal object FrameEncoder {
    /** A head is never longer than this. */
    const val LARGEST_HEAD = 14

    /** Puts the head of a frame into [target], which has room for [LARGEST_HEAD] bytes. */
    fun putHead(target: ByteBuffer, opcode: Int, isFinal: Boolean, isCompressed: Boolean, length: Int, key: Int) {
        val flags = (if (isFinal) FrameHead.FINAL else 0) or (if (isCompressed) FrameHead.RSV1 else 0)
        target.put((flags or opcode).toByte())
        when {
            length < FrameHead.TWO_BYTES -> target.put((FrameHead.MASKED or length).toByte())
            length <= FrameHead.LARGEST_IN_TWO -> target.put((FrameHead.MASKED or FrameHead.TWO_BYTES).toByte()).putShort(length.toShort())
            else -> target.put((FrameHead.MASKED or FrameHead.EIGHT_BYTES).toByte()).putLong(length.toLong())
        }
        target.putInt(key)
    }

    /**
     * Puts as much of [payload] from [start] until [end] into [target] as that has room for, masked with [key] (5.3), eight
     * bytes at a time. The mask begins anew at index [origin], where the frame's payload does.
     *
     * @param target big-endian, as buffers are made.
     * @return the index of the first byte that did not fit.
     */
    fun putMasked(target: ByteBuffer, payload: ByteArray, start: Int, end: Int, key: Int, origin: Int): Int {
        val until = start + minOf(end - start, target.remaining())
        val turned = Integer.rotateLeft(key, Byte.SIZE_BITS * ((start - origin) and 3))
        val eight = (turned.toLong() shl Int.SIZE_BITS) or (turned.toLong() and 0xffffffffL)
        val source = ByteBuffer.wrap(payload)
        var at = start
        while (at <= until - Long.SIZE_BYTES) {
            target.putLong(source.getLong(at) xor eight)
            at += Long.SIZE_BYTES
        }
        var shift = Int.SIZE_BITS
        while (at < until) {
            shift = if (shift == 0) Int.SIZE_BITS - Byte.SIZE_BITS else shift - Byte.SIZE_BITS
            target.put((payload[at++].toInt() xor (turned ushr shift)).toByte())
        }
        return until
    }
}
