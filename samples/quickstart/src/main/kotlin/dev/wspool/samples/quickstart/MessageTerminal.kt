package dev.wspool.samples.quickstart

import com.github.ajalt.mordant.terminal.PrintRequest
import com.github.ajalt.mordant.terminal.StandardTerminalInterface
import com.github.ajalt.mordant.terminal.Terminal

/** Where messages, progress and the summary go: the error stream, as the output is the replies' alone. */
fun messageTerminal(streams: Streams): Terminal {
    val isTerminal = streams.isTerminal(Streams.ERROR)
    val toErrors = object : StandardTerminalInterface() {
        override fun stdoutInteractive(): Boolean = isTerminal

        override fun completePrintRequest(request: PrintRequest) {
            if (request.trailingLinebreak) streams.error.println(request.text) else streams.error.print(request.text)
            streams.error.flush()
        }
    }
    return Terminal(terminalInterface = toErrors)
}
