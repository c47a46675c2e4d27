package dev.wspool.internal.deflate

import java.util.concurrent.atomic.AtomicReference
import java.util.zip.Deflater

/**
 * Deflates messages. The native memory lives for one message only, unless the context is taken over: a new [Deflater] costs
 * less than 1 µs more than the reset of an old one.
 */
internal class MessageDeflater(private val takesOver: Boolean, private val newDeflater: () -> Deflater) : AutoCloseable {
    constructor(takesOver: Boolean, level: Int) : this(takesOver, { Deflater(level, true) })

    private enum class Use { Idle, Busy, Closed }

    /** Who makes it [Use.Closed] frees the deflater where it was idle; where it was busy, who uses it does, as he leaves. */
    private val use = AtomicReference(Use.Idle)

    /** Belongs to whoever has made [use] busy, or closed while it was idle. */
    private var deflater: Deflater? = null

    /** Null where the message would not become smaller; the next one then begins with an empty window, as the peer's. */
    fun deflate(message: ByteArray): ByteArray? {
        check(use.compareAndSet(Use.Idle, Use.Busy)) {
            if (use.get() == Use.Busy) "Two messages are deflated at once" else "The connection's compression is closed"
        }
        var isKept = false
        try {
            val smaller = (deflater ?: newDeflater().also { deflater = it }).compress(message)
            // What was not sent must not stay in the window: the peer could not follow.
            isKept = takesOver && smaller != null
            return smaller
        } finally {
            if (!isKept) free()
            if (!use.compareAndSet(Use.Busy, Use.Idle)) free()
        }
    }

    override fun close() {
        if (use.getAndSet(Use.Closed) == Use.Idle) free()
    }

    private fun free() {
        deflater?.end()
        deflater = null
    }
}

/** RFC 7692, 7.2.1. Gives up as soon as the output is as large as [message]. */
private fun Deflater.compress(message: ByteArray): ByteArray? {
    val limit = minOf(message.size, LARGEST_ARRAY - TAIL) + TAIL
    var output = ByteArray(minOf(limit, FIRST_OUTPUT + message.size / EXPECTED_RATIO))
    var size = 0
    setInput(message)
    while (true) {
        size += deflate(output, size, output.size - size, Deflater.SYNC_FLUSH)
        // A flush is complete when it leaves room. One that has just fitted may add a second empty block: no harm.
        if (size < output.size) return output.copyOf(size - TAIL)
        if (size == limit) return null
        output = output.copyOf(grown(size, limit))
    }
}

private const val FIRST_OUTPUT = 64
private const val EXPECTED_RATIO = 4

/** `00 00 FF FF`, the end of the empty block with which a flush ends. */
private const val TAIL = 4
