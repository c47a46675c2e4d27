package dev.wspool.samples.tunnel

import com.github.ajalt.clikt.core.CliktCommand
import com.github.ajalt.clikt.core.CliktError
import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.ProgramResult
import com.github.ajalt.clikt.parameters.options.convert
import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.option
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import java.io.IOException

/** `tunnel measure`. */
class MeasureCommand(private val streams: Streams) : CliktCommand("measure") {
    private val size by option(help = "How much is sent, such as 64MiB or 1GiB")
        .convert("SIZE") { text -> bytesOf(text) ?: fail("not a size such as 64MiB or 1GiB: $text") }
        .default(GIB, defaultForHelp = "1GiB")

    override fun help(context: Context): String =
        "Sends random bytes through a tunnel on this machine, server and client in this program, to a service that sends back what it " +
            "gets, and compares the SHA-256 of what was sent and of what came back."

    override fun run() {
        val result = try {
            runBlocking(Dispatchers.Default) { Measurement(size).run { streams.error.println(it.oneLine()) } }
        } catch (failed: IOException) {
            throw CliktError("not measured: ${failed.message}", statusCode = FAILED)
        }
        streams.output.println(result)
        if (!result.isEqual) throw ProgramResult(FAILED)
    }

    private companion object {
        const val GIB = 1L shl 30
        val FORM = Regex("""(\d{1,9})(|KiB|MiB|GiB)""")
        val MAX_SIZE = 1_024 * GIB

        fun bytesOf(text: String): Long? {
            val (number, unit) = FORM.matchEntire(text)?.destructured ?: return null
            val shift = listOf("", "KiB", "MiB", "GiB").indexOf(unit) * 10
            return (number.toLong() shl shift).takeIf { it in 1..MAX_SIZE }
        }
    }
}
