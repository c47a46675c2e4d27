package dev.wspool.samples.dashboard

import com.github.ajalt.clikt.core.CliktCommand
import com.github.ajalt.clikt.core.CliktError
import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.ProgramResult
import com.github.ajalt.clikt.core.context
import com.github.ajalt.clikt.output.MordantHelpFormatter
import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.types.int
import com.github.ajalt.clikt.parameters.types.restrictTo
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import java.net.BindException

/** The command line. */
class DashboardCommand(private val streams: Streams) : CliktCommand(name = "dashboard") {
    init {
        context { helpFormatter = { MordantHelpFormatter(it, showDefaultValues = true) } }
    }

    private val port by option(help = "Where to serve the page; 0 for any free port").int().restrictTo(0..MOST).default(8085)

    override fun help(context: Context): String =
        "Shows a pool at work in a browser: under a load, with a server whose faults are at the push of a button.\n\n" +
            "Exit status: 130 after Ctrl-C, which is how it ends, 1 if the port is taken, 2 if the arguments cannot be used."

    override fun run() {
        val status = try {
            runBlocking(Dispatchers.Default) { DashboardRun(streams, port).run() }
        } catch (_: BindException) {
            throw CliktError("port $port is taken by another program: end that, or choose another one with --port", statusCode = FAILED)
        }
        throw ProgramResult(status)
    }

    private companion object {
        const val MOST = 65_535
    }
}
