package dev.wspool.samples.quickstart

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.launch
import java.io.File
import java.io.FileInputStream
import java.io.IOException
import java.io.InputStream

/** The lines of an input, read a little ahead of those who take them. */
class LineSource(private val input: InputStream, private val name: String, val size: Long?) {
    private val lines = Channel<Line>(AHEAD)

    /**
     * Reads until the end or [stop]. Its coroutine is nobody's child: it may sit in a read from a terminal, which no
     * cancellation interrupts, and nobody shall wait for that.
     */
    fun start() {
        CoroutineScope(Dispatchers.IO).launch {
            try {
                val reader = LineReader(input)
                while (true) lines.send(reader.next() ?: break)
                lines.close()
            } catch (failed: IOException) {
                lines.close(IOException("cannot read $name (${failed.message})", failed))
            }
        }
    }

    /** The next line, or null at the end and after [stop]. */
    suspend fun next(): Line? {
        val next = lines.receiveCatching()
        (next.exceptionOrNull() as? IOException)?.let { throw it }
        return next.getOrNull()
    }

    /** No more lines, now. */
    fun stop() = lines.cancel()

    companion object {
        private const val AHEAD = 64

        fun open(file: File?, streams: Streams): LineSource {
            if (file == null) return LineSource(streams.input, "standard input", size = null)
            val input = try {
                FileInputStream(file)
            } catch (failed: IOException) {
                throw IOException("cannot read ${failed.message}", failed)
            }
            return LineSource(input, "$file", size = file.length().takeIf { it > 0 })
        }
    }
}
