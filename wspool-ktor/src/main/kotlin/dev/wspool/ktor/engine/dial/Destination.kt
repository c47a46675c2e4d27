package dev.wspool.ktor.engine.dial

import java.net.InetAddress

/**
 * A host and a port, of a server or a proxy. IPv6 addresses are without brackets.
 *
 * @property address the one to connect to, or null for whatever the host's name resolves to.
 */
internal class Destination(val host: String, val port: Int, val address: InetAddress? = null) {
    /** As HTTP writes it (RFC 9110, 4.2). */
    override fun toString(): String = if (':' in host) "[$host]:$port" else "$host:$port"
}
