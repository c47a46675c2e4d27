package dev.wspool.samples.tunnel

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.NoOpCliktCommand
import com.github.ajalt.clikt.core.context
import com.github.ajalt.clikt.core.subcommands
import com.github.ajalt.clikt.output.MordantHelpFormatter

/** The command line: its commands are the two ends, and what measures both. */
class TunnelCommand(streams: Streams) : NoOpCliktCommand(name = "tunnel") {
    init {
        context { helpFormatter = { MordantHelpFormatter(it, showDefaultValues = true) } }
        subcommands(ServerCommand(streams), ClientCommand(streams), MeasureCommand(streams))
    }

    override fun help(context: Context): String =
        "Carries TCP connections to a service behind NAT, over WebSocket connections that wait for them.\n\n" +
            "Exit status: 0 if all went well, 1 if not, 2 if the arguments cannot be used, 130 after Ctrl-C."
}
