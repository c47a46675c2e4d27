package dev.wspool.ktor.engine.loop

import dev.wspool.ktor.engine.endAt
import dev.wspool.ktor.engine.moveTo
import dev.wspool.ktor.engine.toFill
import java.nio.ByteBuffer

/** A buffer with bytes that wait to be written, to whose end more can be put, and its place in an [Outbox]. */
internal class Chunk {
    val buffer: ByteBuffer = ByteBuffer.allocateDirect(SIZE)

    var next: Chunk? = null

    /** Where what is unwritten begins. */
    private var start = 0

    /** Whether a frame begins with its first byte, and ends with its last one. */
    var beginsFrame = true
    var endsFrame = true

    /** Whether nothing is in it but control frames that have overtaken others. */
    var isForControls = false

    val unwritten: Int get() = buffer.position() - start
    val isUntouched: Boolean get() = start == 0

    /** The buffer, ready to be read from: what is unwritten. Until [endReading] nothing can be put. */
    fun beginReading(): ByteBuffer {
        buffer.endAt(buffer.position())
        buffer.moveTo(start)
        return buffer
    }

    fun endReading() {
        start = buffer.position()
        buffer.moveTo(buffer.limit())
        buffer.endAt(SIZE)
    }

    fun clear() {
        buffer.toFill()
        next = null
        start = 0
        beginsFrame = true
        endsFrame = true
        isForControls = false
    }

    companion object {
        /** What a record of TLS holds at most (RFC 8446, 5.1). */
        const val SIZE = 16 * 1024
    }
}
