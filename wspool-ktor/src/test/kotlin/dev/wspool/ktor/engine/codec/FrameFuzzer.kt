package dev.wspool.ktor.engine.codec

import kotlin.random.Random
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertNull

/**
 * One stream that no server should send, from one seed: a good one with some of it changed, left out, sent twice, or put
 * in from elsewhere; or bytes by chance. However it comes, the decoder has to tell of it what the [ReferenceReader] does,
 * and to end, if it must, with a violation and nothing else.
 */
internal class FrameFuzzer(seed: Long) {
    private val random = Random(seed)
    private val maxMessageSize = listOf(1, 10, 125, 126, 1000, 65535, 65536, 1 shl 20, Int.MAX_VALUE).random(random)
    private val mayCompress = random.nextBoolean()
    private val bytes: ByteArray = if (random.nextInt(8) == 0) chance() else spoilt(stream())

    fun run() {
        val reference = ReferenceReader(bytes, maxMessageSize, mayCompress)
        val whole = read(Pieces.WHOLE)
        val violation = whole.violation?.let { "${it.info.code} ${it.info.reason}" }
        val frames = if (violation == null) whole.lines else whole.lines.dropLast(1)
        assertEquals(reference.lines, frames)
        if (reference.faults.isEmpty()) assertNull(violation) else assertContains(reference.faults, violation)
        for (pieces in Pieces.entries) {
            if (bytes.size > pieces.longest) continue
            assertEquals(whole.lines, read(pieces).lines, "in $pieces")
        }
    }

    private fun read(pieces: Pieces) = readInPieces(bytes, pieces, random, maxMessageSize, mayCompress)

    private fun stream(): ByteArray {
        val frames = FrameStream(random, if (random.nextBoolean()) maxMessageSize else 200, mayCompress).frames
        if (random.nextBoolean()) frames.add(random.nextInt(frames.size + 1), oddFrame())
        return frames.bytes()
    }

    /** One that is whole, but out of place, or told wrongly. */
    private fun oddFrame(): WireFrame {
        val size = FrameStream.SIZES.random(random)
        return WireFrame(
            opcode = if (random.nextBoolean()) random.nextInt(16) else listOf(0, 1, 2, 8, 9, 10).random(random),
            payload = ByteArray(size),
            isFinal = random.nextBoolean(),
            reserved = if (random.nextBoolean()) 0 else 16 * random.nextInt(8),
            isMasked = random.nextInt(8) == 0,
            lengthSize = listOf(0, 2, 8).filter { it == 8 || size < (if (it == 0) 126 else 65536) }.random(random),
        )
    }

    private fun chance(): ByteArray = ByteArray(random.nextInt(200)) {
        if (random.nextBoolean()) TELLING.random(random).toByte() else random.nextInt().toByte()
    }

    private fun spoilt(stream: ByteArray): ByteArray {
        var bytes = stream
        repeat(random.nextInt(4)) { if (bytes.isNotEmpty()) bytes = spoiltOnce(bytes) }
        return bytes
    }

    private fun spoiltOnce(bytes: ByteArray): ByteArray {
        // Most of a long stream is payload, where little can go wrong.
        val at = random.nextInt(if (random.nextBoolean()) bytes.size else minOf(bytes.size, 20))
        val end = minOf(bytes.size, at + random.nextInt(1, 20))
        return when (random.nextInt(6)) {
            0 -> bytes.copyOf().also { it[at] = (it[at].toInt() xor (1 shl random.nextInt(8))).toByte() }
            1 -> bytes.copyOf().also { it[at] = TELLING.random(random).toByte() }
            2 -> bytes.copyOf(at) + bytes.drop(end)
            3 -> bytes.copyOf(end) + bytes.drop(at)
            4 -> bytes.copyOf(at) + chance() + bytes.drop(at)
            else -> bytes.copyOf(at) + stream()
        }
    }

    private fun ByteArray.drop(start: Int) = copyOfRange(start, size)

    private companion object {
        /** What heads and characters are made of. */
        val TELLING = listOf(
            0x00, 0x01, 0x02, 0x03, 0x08, 0x80, 0x81, 0x82, 0x88, 0x89, 0x8a, 0x8b, 0xc1, 0xc2, 0xa1, 0x91,
            0x7d, 0x7e, 0x7f, 0xfd, 0xfe, 0xff, 0xe0, 0xe2, 0xed, 0xf0, 0xf4, 0xbf,
        )
    }
}
