package dev.wspool.ktor.engine.dial

/** A host and a port, of a server or a proxy. IPv6 addresses are without brackets. */
internal class Destination(val host: String, val port: Int) {
    /** As HTTP writes it (RFC 9110, 4.2). */
    override fun toString(): String = if (':' in host) "[$host]:$port" else "$host:$port"
}
