package dev.wspool.internal.deflate

import dev.wspool.MessageTooBigException
import dev.wspool.transport.MalformedMessageException
import java.util.zip.DataFormatException
import java.util.zip.Inflater

/**
 * Inflates messages of at most [bound] bytes. The native memory lives for one message only: a new [Inflater] costs a tenth of
 * what it takes to inflate one KiB, and the window of the last message is given to it as its dictionary.
 */
internal class MessageInflater(
    takesOver: Boolean,
    private val windowBits: Int,
    private val bound: Int,
    private val newInflater: () -> Inflater = { Inflater(true) },
) {
    private val kept: Window? = if (takesOver) Window(windowBits) else null

    fun inflate(payload: ByteArray): ByteArray {
        // Not RFC 7692, which wants a 0 here (7.2.3.6), but what a peer sends whose zlib has nothing to flush.
        if (payload.isEmpty()) return payload
        val inflater = newInflater()
        try {
            return Inflation(payload, inflater, kept ?: Window(windowBits), bound).run()
        } catch (failure: DataFormatException) {
            throw malformed(failure.message ?: "no DEFLATE data")
        } finally {
            inflater.end()
        }
    }
}

/** The inflation of one message. */
private class Inflation(
    private val payload: ByteArray,
    private val inflater: Inflater,
    private val window: Window,
    private val bound: Int,
) {
    /** One byte more than there may be, to see that it is too much. */
    private val limit = minOf(bound, LARGEST_ARRAY - 1) + 1
    private var output = ByteArray(minOf(limit.toLong(), FIRST_OUTPUT + payload.size * EXPECTED_RATIO).toInt())
    private var size = 0

    /** Up to where [window] has seen the output. */
    private var seen = 0

    fun run(): ByteArray {
        begin(payload.size)
        var isTail = false
        while (true) {
            size += inflater.inflate(output, size, output.size - size)
            if (size > bound) throw MessageTooBigException("A message inflates to more than $bound bytes (maxMessageSize)", bound.toLong())
            when {
                inflater.finished() -> {
                    val rest = inflater.remaining
                    if (isTail && rest > 0) throw malformed("it ends within a block")
                    if (rest == 0) return finish() // also where a peer with BFINAL has left out the last octet (7.2.3.4)
                    begin(rest)
                }
                // Before asking for input: zlib may have taken all of it and still have output.
                size == output.size -> output = output.copyOf(grown(size, limit))
                isTail -> throw malformed("it ends within a block")
                else -> {
                    isTail = true
                    inflater.setInput(TAIL)
                }
            }
        }
    }

    /**
     * A stream begins, [rest] bytes before the payload's end: the first, or one behind a block with BFINAL, which ends a stream
     * but neither the message (RFC 7692, 7.2.1) nor the window.
     */
    private fun begin(rest: Int) {
        window.add(output, seen, size)
        seen = size
        inflater.reset()
        window.showTo(inflater)
        inflater.setInput(payload, payload.size - rest, rest)
    }

    private fun finish(): ByteArray {
        window.add(output, seen, size)
        return if (size == output.size) output else output.copyOf(size)
    }

    private companion object {
        const val FIRST_OUTPUT = 64L
        const val EXPECTED_RATIO = 4L

        /**
         * What the peer has cut off (RFC 7692, 7.2.2), and an empty block with BFINAL: if the stream does not end exactly with
         * that, the payload had ended within a block, which else would show only in a later message, or never.
         */
        val TAIL = byteArrayOf(0, 0, -1, -1, 1, 0, 0, -1, -1)
    }
}

private fun malformed(why: String) = MalformedMessageException("A compressed message is malformed: $why")
