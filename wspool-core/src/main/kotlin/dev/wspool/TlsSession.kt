package dev.wspool

import java.security.cert.Certificate

/**
 * What the two ends of a `wss` connection have agreed on.
 *
 * @property protocol the version, as `TLSv1.3`.
 * @property cipherSuite its name in the IANA's registry.
 * @property peerCertificates the server's certificate first, then those that lead to an issuer that is trusted; empty where trust
 *   was not asked of any issuer, as with a trust manager on OkHttp that names none.
 */
public class TlsSession(
    public val protocol: String,
    public val cipherSuite: String,
    public val peerCertificates: List<Certificate>,
) {
    override fun toString(): String = "TlsSession($protocol, $cipherSuite)"
}
