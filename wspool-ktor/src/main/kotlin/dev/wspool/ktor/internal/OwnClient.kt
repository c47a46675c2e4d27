package dev.wspool.ktor.internal

import dev.wspool.TlsConfig
import dev.wspool.TransportConfig
import io.ktor.client.HttpClient
import io.ktor.client.engine.ProxyBuilder
import io.ktor.client.engine.cio.CIO
import io.ktor.client.engine.cio.CIOEngineConfig
import io.ktor.client.engine.cio.endpoint
import io.ktor.client.engine.http
import io.ktor.client.plugins.websocket.WebSockets
import io.ktor.network.tls.CIOCipherSuites
import io.ktor.network.tls.TLSConfigBuilder
import io.ktor.network.tls.addCertificateChain

/**
 * A client of our own. It differs from Ktor's defaults, measured with Ktor 3.6.1:
 * - CIO's limits are lifted: the pool is the limiter. The default of 100 per route let 70 of 170 dials wait until CIO's
 *   connect timeout, and then said "Connect timeout has expired" of a server that it had never called.
 * - CIO's connect timeout is lifted, as each dial brings its own (CIO's covers TCP alone: a server that accepts and stays
 *   silent hung for ever).
 * - Redirects are not followed: that a server sends elsewhere is an answer that the pool's user should see.
 * - Ktor's own pinger stays off: it tells nobody of round trips and took 9 % of a core for 5,000 connections.
 *
 * @param trust decides about the certificates of [host], or null for a client that does without TLS.
 * @param learntName the name that Ktor is to find in the certificate instead of [host].
 */
internal fun ownClient(config: TransportConfig, trust: HostTrust? = null, host: String = "", learntName: String? = null) = HttpClient(CIO) {
    expectSuccess = false
    followRedirects = false
    install(WebSockets)
    engine {
        maxConnectionsCount = Int.MAX_VALUE
        endpoint {
            maxConnectionsPerRoute = Int.MAX_VALUE
            connectAttempts = 1
            connectTimeout = A_WEEK
        }
        config.proxy?.let { proxy = ProxyBuilder.http(it) }
        if (trust != null) secure(config.tls, trust, host, learntName)
    }
}.apply { prepareForRawSessions() }

private fun CIOEngineConfig.secure(tls: TlsConfig, trust: HostTrust, host: String, learntName: String?) {
    val address = host.toIpAddress()?.hostAddress
    // Else Ktor would look up the name that belongs to the address, block on that, and ask for it.
    if (address != null) dnsResolver = { listOf(address) }
    https {
        trustManager = trust
        serverName = learntName ?: tls.serverName ?: address
        tls.clientCertificates.forEach { addCertificateChain(it.chain.toTypedArray(), it.key) }
        if (tls.cipherSuites.isNotEmpty()) cipherSuites = CIOCipherSuites.SupportedSuites.filter { it.name in tls.cipherSuites }
    }
}

/** @throws IllegalArgumentException where CIO cannot do what [tls] asks for. */
internal fun requireCioCan(tls: TlsConfig) {
    require(tls.protocols.isEmpty() || CIO_PROTOCOL in tls.protocols) {
        "protocols (${tls.protocols.joinToString()}) leaves out $CIO_PROTOCOL, the only one that Ktor's CIO engine has"
    }
    val unknown = tls.cipherSuites - CIOCipherSuites.SupportedSuites.map { it.name }.toSet()
    require(tls.cipherSuites.isEmpty() || unknown.size < tls.cipherSuites.size) {
        "cipherSuites names none that Ktor's CIO engine has: ${CIOCipherSuites.SupportedSuites.joinToString { it.name }}"
    }
    for (certificate in tls.clientCertificates) {
        require(certificate.key.algorithm == "RSA") {
            "The client certificate $certificate has a key of type ${certificate.key.algorithm}; Ktor's CIO engine can show RSA alone (KTOR-5391)"
        }
    }
}

private const val CIO_PROTOCOL = "TLSv1.2"

/** Long enough never to be met; CIO doubles it, so that the largest number would overflow. */
private const val A_WEEK = 7 * 24 * 3_600_000L
