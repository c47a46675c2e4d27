package dev.wspool.internal.deflate

import java.util.zip.Inflater

/**
 * The last bytes of what was inflated, to which a later message may refer. On the heap, and no larger than what has come, so
 * that no native memory is held between messages.
 */
internal class Window(bits: Int) {
    private val size = 1 shl maxOf(bits, SMALLEST_OF_ZLIB)
    private var bytes = ByteArray(0)
    private var filled = 0

    fun showTo(inflater: Inflater) {
        if (filled > 0) inflater.setDictionary(bytes, 0, filled)
    }

    /** What stands in [from] between [start] and [end] has been inflated. */
    fun add(from: ByteArray, start: Int, end: Int) {
        if (start == end) return // streams without content can be many
        val added = minOf(end - start, size)
        val kept = minOf(filled, size - added)
        val before = bytes
        if (kept + added > before.size) bytes = ByteArray(grown(kept + added, size))
        System.arraycopy(before, filled - kept, bytes, 0, kept)
        System.arraycopy(from, end - added, bytes, kept, added)
        filled = kept + added
    }

    private companion object {
        /** zlib takes 9 where 8 was asked for. */
        const val SMALLEST_OF_ZLIB = 9
    }
}

/** The size after [size] for a buffer that may have up to [limit]. */
internal fun grown(size: Int, limit: Int): Int = if (size > limit / 2) limit else size * 2

/** What every JVM can allocate. */
internal const val LARGEST_ARRAY = Int.MAX_VALUE - 8
