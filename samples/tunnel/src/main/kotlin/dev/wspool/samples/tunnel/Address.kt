package dev.wspool.samples.tunnel

import io.ktor.network.sockets.InetSocketAddress

/** A host and a port, as the command line has them: `localhost:22`, `0.0.0.0:8080`, `[::1]:5432`. */
class Address(val host: String, val port: Int) {
    val socketAddress: InetSocketAddress get() = InetSocketAddress(host, port)

    override fun toString(): String = if (':' in host) "[$host]:$port" else "$host:$port"

    companion object {
        private val FORM = Regex("""(\[[0-9a-fA-F:.%]+]|[^\s:\[\]]+):(\d{1,5})""")
        private const val MAX_PORT = 65_535

        /** Null where [text] is none. */
        fun parse(text: String): Address? {
            val (host, port) = FORM.matchEntire(text)?.destructured ?: return null
            return Address(host.removeSurrounding("[", "]"), port.toInt().takeIf { it <= MAX_PORT } ?: return null)
        }
    }
}
