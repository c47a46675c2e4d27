package dev.wspool.ktor.engine.codec

import org.junit.jupiter.api.Test
import java.io.ByteArrayOutputStream
import java.io.DataInputStream
import java.nio.ByteBuffer
import kotlin.random.Random
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals

/** Frames from seeds, through the encoder and buffers of any size: a server reads what was written. */
class FrameRoundTripTest {
    @Test
    fun serverReadsWhatWasWritten() {
        for (seed in 1L..300L) {
            val random = Random(seed)
            val keys = MaskKeys()
            val frames = FrameStream(random, 200_000, mayCompress = true).frames
            val wire = ByteArrayOutputStream()
            for (frame in frames) write(frame, keys.next(), wire, random)
            val input = DataInputStream(wire.toByteArray().inputStream())
            for (frame in frames) {
                val read = input.readClientFrame()
                assertEquals(frame.bytes()[0], read.first.toByte(), "Seed $seed")
                assertContentEquals(frame.payload, read.payload, "Seed $seed")
            }
            assertEquals(0, input.available(), "Seed $seed")
        }
    }

    private fun write(frame: WireFrame, key: Int, wire: ByteArrayOutputStream, random: Random) {
        val origin = random.nextInt(10)
        val array = random.nextBytes(origin) + frame.payload + random.nextBytes(random.nextInt(10))
        val end = origin + frame.payload.size
        var at = origin
        var target = ByteBuffer.allocate(FrameEncoder.LARGEST_HEAD + random.nextInt(100))
        FrameEncoder.putHead(target, frame.opcode, frame.isFinal, frame.reserved != 0, frame.payload.size, key)
        while (true) {
            val before = target.position()
            val until = FrameEncoder.putMasked(target, array, at, end, key, origin)
            assertEquals(minOf(at + target.limit() - before, end), until)
            at = until
            wire.write(target.array(), 0, target.position())
            if (at == end) return
            target = ByteBuffer.allocate(random.nextInt(70_000))
        }
    }
}
