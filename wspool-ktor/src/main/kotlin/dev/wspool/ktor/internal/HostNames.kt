package dev.wspool.ktor.internal

import java.net.InetAddress
import java.security.cert.CertificateParsingException
import java.security.cert.X509Certificate

private const val DNS_NAME = 2
private const val IP_ADDRESS = 7

/**
 * True where the certificate is for [host], a name or an IP address (RFC 9525, 6): its subject alternative names alone count,
 * and a wildcard stands for one whole label, the leftmost. Ktor's own check lets a certificate pass that has no name of the
 * kind that was asked for.
 */
internal fun X509Certificate.isFor(host: String): Boolean {
    val address = host.toIpAddress()
    return if (address == null) names(DNS_NAME).any { isMatch(it, host) } else names(IP_ADDRESS).any { it.toIpAddress() == address }
}

private fun X509Certificate.names(type: Int): List<String> = try {
    subjectAlternativeNames.orEmpty().filter { it[0] == type }.map { it[1] as String }
} catch (_: CertificateParsingException) {
    emptyList()
}

private fun isMatch(pattern: String, host: String): Boolean {
    val wanted = host.trimEnd('.').lowercase()
    val offered = pattern.trimEnd('.').lowercase()
    if (!offered.startsWith("*.")) return offered == wanted
    val domain = offered.substring(1)
    // Not of a whole top-level domain: "*.com" is nobody's to have.
    return domain.indexOf('.', 1) > 0 && wanted.endsWith(domain) && wanted.indexOf('.') == wanted.length - domain.length
}

private val IPV4 = Regex("""\d{1,3}(\.\d{1,3}){3}""")

/** The address that this literal stands for, or null where it is a name. Nothing is looked up. */
internal fun String.toIpAddress(): InetAddress? = if (':' in this || IPV4.matches(this)) {
    runCatching { InetAddress.getByName(substringBefore('%')) }.getOrNull()
} else {
    null
}
