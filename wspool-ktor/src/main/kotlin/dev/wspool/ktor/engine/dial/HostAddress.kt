package dev.wspool.ktor.engine.dial

import io.ktor.util.AttributeKey
import java.net.InetAddress

/**
 * Tells the engine which address a request's host has. It is for that host alone: a plugin may send the request on to another, whose
 * address this is not.
 *
 * @property host as Ktor writes it in the URL of the request.
 */
internal class HostAddress(private val host: String, private val address: InetAddress) {
    fun of(host: String): InetAddress? = address.takeIf { host.equals(this.host, ignoreCase = true) }

    companion object {
        val Key = AttributeKey<HostAddress>("wspool address")
    }
}
