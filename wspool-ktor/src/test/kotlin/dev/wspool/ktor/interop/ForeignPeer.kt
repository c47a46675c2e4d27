package dev.wspool.ktor.interop

/** A server that is a program of its own. */
internal class ForeignPeer(environment: Map<String, String> = emptyMap(), command: (port: Int) -> List<String>) : Peer {
    override val ends = Ends()
    private val port = Port()
    private val program = Program(command(port.number), ready = "listening", environment, ends::addLine)

    override fun address(path: String) = "ws://127.0.0.1:${port.number}$path"

    override fun start() = program.start()

    override fun kill() = program.kill()

    override fun close() {
        kill()
        port.close()
    }

    companion object {
        /** npm's ws on Node. */
        fun ws() = ForeignPeer(mapOf("NODE_PATH" to Program.file("target/peers/node_modules"))) { port ->
            listOf(Program.find("node"), Program.file(".ci/peers/ws_server.js"), "$port")
        }

        /** Debian's python3-websockets, for which it has to be Debian's Python. */
        fun websockets() = ForeignPeer(mapOf("PYTHONDONTWRITEBYTECODE" to "1")) { port ->
            listOf("/usr/bin/python3", Program.file(".ci/peers/websockets_server.py"), "$port")
        }
    }
}
