package dev.wspool.samples.quickstart

import com.github.ajalt.clikt.core.CliktCommand
import com.github.ajalt.clikt.core.CliktError
import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.ProgramResult
import com.github.ajalt.clikt.core.context
import com.github.ajalt.clikt.core.terminal
import com.github.ajalt.clikt.output.MordantHelpFormatter
import com.github.ajalt.clikt.parameters.options.convert
import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.types.file
import com.github.ajalt.clikt.parameters.types.int
import com.github.ajalt.clikt.parameters.types.restrictTo
import dev.wspool.Endpoint
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import java.io.IOException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** The command line: its options, and which of them make a run impossible. */
class QuickstartCommand(private val streams: Streams) : CliktCommand(name = "quickstart") {
    private val errors = messageTerminal(streams)

    init {
        context {
            terminal = errors
            helpFormatter = { MordantHelpFormatter(it, showDefaultValues = true) }
        }
    }

    private val url by option(help = "The WebSocket server to send to. Default: an echo server inside this program")
        .convert("URL") {
            try {
                Endpoint(it).url
            } catch (wrong: IllegalArgumentException) {
                fail(wrong.message.orEmpty())
            }
        }
    private val input by option(help = "The file to read (UTF-8). Default: standard input").file()
    private val output by option(help = "The file to write replies to. Default: standard output").file()
    private val pool by option(help = "How many connections the pool may open").int().restrictTo(1..MOST).default(8)
    private val concurrency by option(help = "How many lines are on their way at once. Default: twice --pool, so that some wait")
        .int().restrictTo(1..MOST)
    private val timeout by option(help = "How long a line may take to get a connection and its reply, such as 500ms or 1m")
        .convert("TIME") { text ->
            Duration.parseOrNull(text)?.takeIf { it.isPositive() && it.isFinite() } ?: fail("not a time such as 500ms, 5s or 1m: $text")
        }
        .default(5.seconds)

    override fun help(context: Context): String =
        "Sends each line of a text to a WebSocket server, and writes the replies in the order of the lines. " +
            "A line that fails is named, and an empty line stands for its reply.\n\n" +
            "Exit status: 0 if every line has its reply, 1 if not, 2 if the arguments cannot be used, 130 after Ctrl-C."

    override fun run() {
        val lines = openInput()
        val replies = openOutput()
        val run = QuickstartRun(lines, replies, errors, showProgress = errors.terminalInfo.outputInteractive && !repliesAreSeen())
        val status = try {
            runBlocking(Dispatchers.Default) { run.run(url, pool, concurrency ?: (2 * pool), timeout) }
        } catch (_: BrokenPipeException) {
            BrokenPipeException.STATUS // whoever read the replies has had enough: end, and say nothing
        } catch (failed: IOException) {
            throw CliktError(failed.message, statusCode = FAILED)
        } catch (unreachable: UnreachableException) {
            throw CliktError(unreachable.message, statusCode = FAILED)
        }
        if (status != 0) throw ProgramResult(status)
    }

    private fun openInput(): LineSource = try {
        LineSource.open(input, streams)
    } catch (failed: IOException) {
        throw CliktError(failed.message, statusCode = NOT_USABLE)
    }

    private fun openOutput(): ReplyWriter = try {
        if (output != null && input?.canonicalFile == output?.canonicalFile) throw IOException("--output would overwrite --input")
        ReplyWriter.open(output, streams)
    } catch (failed: IOException) {
        throw CliktError(failed.message, statusCode = NOT_USABLE)
    }

    /** Replies and a progress bar on one screen would be a mess. */
    private fun repliesAreSeen() = output == null && streams.isTerminal(Streams.OUTPUT)

    private companion object {
        const val MOST = 10_000
    }
}
