package dev.wspool.ktor.engine.codec

import dev.wspool.ktor.internal.Violation
import java.nio.ByteBuffer
import kotlin.test.assertEquals
import kotlin.test.assertNotNull

/**
 * A decoder at work, and what came of it so far: the frames, then the violation, if there is one.
 *
 * @param wantsMore what the sink answers, frame after frame of data.
 */
internal class FrameReading(maxMessageSize: Int = 1 shl 20, mayCompress: Boolean = false, wantsMore: () -> Boolean = { true }) {
    private val frames = RecordedFrames(wantsMore)
    val decoder = FrameDecoder(frames, FrameBounds(maxMessageSize, maxMessageSize.takeIf { mayCompress }))
    var violation: Violation? = null
        private set

    /** How many bytes the decoder has seen. */
    var received = 0
        private set

    /** How many frames have been told. */
    val count: Int get() = frames.lines.size

    val lines: List<String> get() = frames.lines + listOfNotNull(violation?.let { "${it.info.code} ${it.info.reason}" })

    /** False where the decoder wants no more, or never will again. */
    fun read(input: ByteBuffer): Boolean {
        val start = input.position()
        return try {
            decoder.decode(input)
        } catch (thrown: Violation) {
            violation = thrown
            false
        } finally {
            received += input.position() - start
        }
    }

    fun read(bytes: ByteArray): Boolean = read(ByteBuffer.wrap(bytes))

    fun readByteByByte(bytes: ByteArray) {
        for (byte in bytes) if (!read(byteArrayOf(byte))) return
    }
}

/** What a decoder tells of [frames]: the same, whether they come at once or byte by byte. */
internal fun linesOf(vararg frames: WireFrame, maxMessageSize: Int = 1 shl 20, mayCompress: Boolean = false): List<String> {
    val bytes = frames.asList().bytes()
    val whole = FrameReading(maxMessageSize, mayCompress).apply { read(bytes) }
    val slow = FrameReading(maxMessageSize, mayCompress).apply { readByteByByte(bytes) }
    assertEquals(whole.lines, slow.lines, "at once, and byte by byte")
    return whole.lines
}

/** How many of [bytes] have come when the decoder refuses them. */
internal fun bytesUntilRefused(bytes: ByteArray, maxMessageSize: Int = 1 shl 20): Int {
    val reading = FrameReading(maxMessageSize).apply { readByteByByte(bytes) }
    assertNotNull(reading.violation, "not refused")
    return reading.received
}
