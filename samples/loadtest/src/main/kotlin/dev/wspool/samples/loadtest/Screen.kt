package dev.wspool.samples.loadtest

import com.github.ajalt.mordant.terminal.PrintRequest
import com.github.ajalt.mordant.terminal.StandardTerminalInterface
import com.github.ajalt.mordant.terminal.Terminal

/** The output as a terminal: with colours and a live view where it is one, and plain lines where it is a file or a pipe. */
fun screen(streams: Streams): Terminal {
    val toOutput = object : StandardTerminalInterface() {
        override fun stdoutInteractive(): Boolean = streams.outputIsTerminal

        override fun completePrintRequest(request: PrintRequest) {
            if (request.trailingLinebreak) streams.output.println(request.text) else streams.output.print(request.text)
            streams.output.flush()
        }
    }
    return Terminal(terminalInterface = toOutput)
}
