package dev.wspool.samples.quickstart

import java.io.BufferedOutputStream
import java.io.File
import java.io.FileOutputStream
import java.io.IOException
import java.io.OutputStream

/** Whoever read the output reads no more, as `| head` does. */
class BrokenPipeException(cause: IOException) : IOException("the output is closed", cause) {
    companion object {
        /** What the shell sees of a program that SIGPIPE ended. */
        const val STATUS = SIGNALLED + 13
    }
}

/** Writes one line per answer. */
class ReplyWriter(output: OutputStream, private val name: String) {
    private val output = BufferedOutputStream(output, BUFFER)

    /** Writes the reply, or an empty line where there is none; a line break inside a reply becomes `\n`, to keep the count. */
    @Synchronized
    fun write(answer: Answer) = named {
        if (answer is Reply) output.write(answer.text.replace(BREAK, "\\\\n").toByteArray())
        output.write('\n'.code)
    }

    @Synchronized
    fun flush() = named { output.flush() }

    @Synchronized
    fun close() = named { output.close() }

    private inline fun named(write: () -> Unit) = try {
        write()
    } catch (failed: IOException) {
        if (failed.message.orEmpty().contains("pipe", ignoreCase = true)) throw BrokenPipeException(failed)
        throw IOException("cannot write $name (${failed.message})", failed)
    }

    companion object {
        private const val BUFFER = 1 shl 16
        private val BREAK = Regex("\r?\n")

        fun open(file: File?, streams: Streams): ReplyWriter {
            if (file == null) return ReplyWriter(streams.output, "standard output")
            val output = try {
                FileOutputStream(file)
            } catch (failed: IOException) {
                throw IOException("cannot write ${failed.message}", failed)
            }
            return ReplyWriter(output, "$file")
        }
    }
}
