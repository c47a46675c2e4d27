package dev.wspool.ktor.engine.codec

import java.nio.ByteBuffer
import kotlin.random.Random
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** How a stream comes: in which pieces, and after which frames the sink wants no more for a while. */
internal enum class Pieces(
    /** A stream of more bytes would take more time than it is worth, where there are many. */
    val longest: Int = Int.MAX_VALUE,
) {
    WHOLE,
    SINGLE_BYTES(longest = 2_000),
    FEW_BYTES(longest = 10_000),
    MANY_BYTES,
    ;

    fun next(random: Random): Int = when (this) {
        WHOLE -> Int.MAX_VALUE
        SINGLE_BYTES -> 1
        FEW_BYTES -> random.nextInt(0, 12)
        MANY_BYTES -> random.nextInt(0, 5_000)
    }
}

/**
 * Lets a decoder read all of [bytes], or as much as it takes, and holds it to what is so of any stream: whoever says that it
 * wants more has read all it has got, a stop follows upon a frame, and what is kept is what has come, twice over at most.
 */
internal fun readInPieces(bytes: ByteArray, pieces: Pieces, random: Random, maxMessageSize: Int, mayCompress: Boolean): FrameReading {
    val stops = random.nextBoolean()
    var hasStopped = false
    val reading = FrameReading(maxMessageSize, mayCompress) {
        assertFalse(hasStopped, "not stopped")
        hasStopped = stops && random.nextInt(3) == 0
        !hasStopped
    }
    val input = if (random.nextBoolean()) ByteBuffer.wrap(bytes) else ByteBuffer.allocateDirect(bytes.size).put(bytes).flip()
    input.limit(0)
    while (true) {
        if (!input.hasRemaining()) {
            if (input.limit() == bytes.size) return reading
            input.limit(minOf(bytes.size.toLong(), input.position().toLong() + pieces.next(random)).toInt())
        }
        hasStopped = false
        val wantsMore = reading.read(input)
        if (reading.violation != null) return reading
        assertEquals(hasStopped, !wantsMore, "the sink had stopped")
        if (wantsMore) assertFalse(input.hasRemaining(), "not all is read")
        val retained = retainedBytes(reading.decoder)
        assertTrue(retained <= maxOf(2 * reading.received, SMALL), "$retained bytes are kept of ${reading.received}")
        assertTrue(reading.count <= reading.received / 2, "more frames than heads")
    }
}

/** What may be taken at once for the payload of a frame, before all of it has come. */
private const val SMALL = 1024
