package dev.wspool.ktor.engine.tls

import dev.wspool.TlsConfig
import dev.wspool.ktor.internal.authorities
import dev.wspool.ktor.internal.requireFor
import java.net.Socket
import java.security.cert.CertificateException
import java.security.cert.X509Certificate
import javax.net.ssl.SSLEngine
import javax.net.ssl.X509ExtendedTrustManager
import javax.net.ssl.X509TrustManager

/**
 * Decides whom to take for the host that an engine was made for. An extended trust manager, so that the JDK asks no other one,
 * and the platform's own can look at the engine: what certificates may be signed with, and on Android whom the app trusts for
 * this host.
 */
internal class EngineTrust(config: TlsConfig) : X509ExtendedTrustManager() {
    /** Null where anybody will do. */
    private val authorities: X509TrustManager? = if (config.isInsecure) null else config.authorities()

    override fun checkServerTrusted(chain: Array<X509Certificate>, authType: String, engine: SSLEngine) {
        when (authorities) {
            null -> return
            is X509ExtendedTrustManager -> authorities.checkServerTrusted(chain, authType, engine)
            else -> authorities.checkServerTrusted(chain, authType)
        }
        chain.first().requireFor(engine.peerHost)
    }

    override fun checkServerTrusted(chain: Array<X509Certificate>, authType: String): Unit = throw notOurs()

    override fun checkServerTrusted(chain: Array<X509Certificate>, authType: String, socket: Socket): Unit = throw notOurs()

    override fun checkClientTrusted(chain: Array<X509Certificate>, authType: String): Unit = throw notOurs()

    override fun checkClientTrusted(chain: Array<X509Certificate>, authType: String, socket: Socket): Unit = throw notOurs()

    override fun checkClientTrusted(chain: Array<X509Certificate>, authType: String, engine: SSLEngine): Unit = throw notOurs()

    override fun getAcceptedIssuers(): Array<X509Certificate> = authorities?.acceptedIssuers ?: emptyArray()

    private fun notOurs() = CertificateException("The trust manager of a client's SSLEngine was asked about something else")
}
