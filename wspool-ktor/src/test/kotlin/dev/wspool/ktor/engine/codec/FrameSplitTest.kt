package dev.wspool.ktor.engine.codec

import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import kotlin.random.Random
import kotlin.test.assertEquals

/** Good streams, from seeds: what is told of them is what they were made of, however they come. */
@Timeout(120) // a decoder that hangs
class FrameSplitTest {
    @Test
    fun anySplitOfAnyStreamGivesTheSameFrames() {
        for (seed in 1L..150L) {
            val random = Random(seed)
            val mayCompress = random.nextBoolean()
            val maxMessageSize = listOf(10, 200_000).random(random)
            val stream = FrameStream(random, maxMessageSize, mayCompress)
            val bytes = stream.frames.bytes()
            for (pieces in Pieces.entries) {
                val reading = readInPieces(bytes, pieces, random, maxMessageSize, mayCompress)
                assertEquals(stream.lines, reading.lines, "Seed $seed, in $pieces")
            }
        }
    }

    @Test
    fun anySplitInTwoGivesTheSameFrames() {
        for (seed in 1L..50L) {
            val stream = FrameStream(Random(seed), maxMessageSize = 200, mayCompress = true)
            val bytes = stream.frames.bytes()
            for (middle in 0..bytes.size) {
                val reading = FrameReading(200, mayCompress = true)
                reading.read(bytes.copyOf(middle))
                reading.read(bytes.copyOfRange(middle, bytes.size))
                assertEquals(stream.lines, reading.lines, "Seed $seed, split at $middle")
            }
        }
    }
}
