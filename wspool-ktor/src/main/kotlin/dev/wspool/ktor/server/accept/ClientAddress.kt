package dev.wspool.ktor.server.accept

import io.ktor.http.HttpHeaders
import io.ktor.server.plugins.origin
import io.ktor.server.request.ApplicationRequest

/** An address as proxies tell it: by itself, or with a port, then in brackets where it is of IPv6 (RFC 7239, 6). */
private val WITH_PORT = Regex("""\[([^]]*)](?::\d{1,5})?|([\d.]+):\d{1,5}""")

/** How many bytes of an IPv6 address are a network's: who has one has all that begin so (RFC 6177). */
private const val NETWORK_BYTES = 8
private const val IPV4_BYTES = 4
private val FORWARDED = listOf(HttpHeaders.XForwardedFor, HttpHeaders.Forwarded)

/** The bytes of a client's address, or null where [text] names none. */
internal fun addressOf(text: String): ByteArray? {
    val match = WITH_PORT.matchEntire(text) ?: return parseAddress(text)
    return parseAddress(match.groupValues.drop(1).first(String::isNotEmpty))
}

/**
 * Whether a proxy is believed, and there is more than one line of what it may have said: Ktor reads the first, which is the client's own
 * where the proxy has put its word behind it.
 */
internal fun ApplicationRequest.isAmbiguouslyForwarded(): Boolean =
    origin.remoteAddress != local.remoteAddress && FORWARDED.any { headers.getAll(it).orEmpty().size > 1 }

/** What a quota by address counts: an IPv4 address, a network of IPv6, or what else the proxy has told. */
internal fun siteOf(text: String): Any {
    val bytes = addressOf(text) ?: return text
    return bytes.take(if (bytes.size == IPV4_BYTES) IPV4_BYTES else NETWORK_BYTES)
}
