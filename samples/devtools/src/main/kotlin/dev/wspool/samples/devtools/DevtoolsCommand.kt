package dev.wspool.samples.devtools

import com.github.ajalt.clikt.core.CliktCommand
import com.github.ajalt.clikt.core.CliktError
import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.ProgramResult
import com.github.ajalt.clikt.core.context
import com.github.ajalt.clikt.output.MordantHelpFormatter
import com.github.ajalt.clikt.parameters.options.convert
import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.types.file
import com.github.ajalt.clikt.parameters.types.int
import com.github.ajalt.clikt.parameters.types.restrictTo
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import java.io.File
import java.io.IOException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** The command line: its options, and which of them make a run impossible. */
class DevtoolsCommand(private val streams: Streams) : CliktCommand(name = "devtools") {
    init {
        context { helpFormatter = { MordantHelpFormatter(it, showDefaultValues = true) } }
    }

    private val chromium by option(help = "The browser to start. Default: the first on the PATH of ${ChromiumProgram.NAMES.joinToString()}")
        .file(mustExist = true, canBeDir = false)
    private val out by option(help = "The directory for the PNG files").file(canBeFile = false).default(File("screenshots"))
    private val pages by option(help = "How many pages to take").int().restrictTo(1..MOST_PAGES).default(20)
    private val atOnce by option(help = "How many pages are taken at the same time").int().restrictTo(1..MOST_AT_ONCE).default(8)
    private val connections by option(help = "How many connections the pool may open; those who need one share them")
        .int().restrictTo(1..MOST_AT_ONCE).default(2)
    private val timeout by option(help = "How long the browser may take to start, and to answer a call, such as 500ms or 1m")
        .convert("TIME") { text ->
            Duration.parseOrNull(text)?.takeIf { it.isPositive() && it.isFinite() } ?: fail("not a time such as 500ms, 5s or 1m: $text")
        }
        .default(30.seconds)

    override fun help(context: Context): String =
        "Takes screenshots of pages, which it serves itself, with headless Chromium: over a few connections that all share, and " +
            "again over a new connection for each call, to compare.\n\n" +
            "Exit status: 0 if every page was taken both ways, 1 if not, 2 if the arguments cannot be used, 130 after Ctrl-C."

    override fun run() {
        makeDirectory()
        val status = try {
            val program = chromium ?: ChromiumProgram.find()
            runBlocking(Dispatchers.Default) { DevtoolsRun(streams, out, pages, atOnce, connections, timeout).run(program) }
        } catch (failed: ChromiumException) {
            throw CliktError(failed.message, statusCode = FAILED)
        } catch (failed: IOException) {
            throw CliktError(failed.message, statusCode = FAILED)
        }
        if (status != 0) throw ProgramResult(status)
    }

    private fun makeDirectory() {
        out.mkdirs()
        if (!out.isDirectory || !out.canWrite()) throw CliktError("cannot write to the directory $out (--out)", statusCode = NOT_USABLE)
    }

    private companion object {
        const val MOST_PAGES = 500
        const val MOST_AT_ONCE = 64
    }
}
