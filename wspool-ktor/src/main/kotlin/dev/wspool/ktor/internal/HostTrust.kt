package dev.wspool.ktor.internal

import dev.wspool.TlsConfig
import java.security.KeyStore
import java.security.cert.CertificateException
import java.security.cert.X509Certificate
import javax.net.ssl.TrustManagerFactory
import javax.net.ssl.X509TrustManager

/** Decides whom to take for [host]. Told of each server's certificate before it is used. */
internal class HostTrust(private val config: TlsConfig, private val host: String) : X509TrustManager {
    private val authorities: X509TrustManager = trustManager(config.trusted)

    /** Called with each certificate that was accepted. */
    @Volatile
    var onAccepted: (X509Certificate) -> Unit = {}

    override fun checkServerTrusted(chain: Array<X509Certificate>, authType: String) {
        if (!config.isInsecure) {
            authorities.checkServerTrusted(chain, authType)
            if (!chain.first().isFor(host)) throw WrongHostException(host)
        }
        onAccepted(chain.first())
    }

    override fun checkClientTrusted(chain: Array<X509Certificate>, authType: String): Unit =
        throw CertificateException("A client's trust manager was asked about a client")

    override fun getAcceptedIssuers(): Array<X509Certificate> = authorities.acceptedIssuers

    private companion object {
        /** What the JVM trusts, or [certificates] where there are any. */
        fun trustManager(certificates: List<X509Certificate>): X509TrustManager {
            val store = if (certificates.isEmpty()) null else KeyStore.getInstance(KeyStore.getDefaultType()).apply { load(null, null) }
            certificates.forEachIndexed { number, certificate -> store!!.setCertificateEntry("$number", certificate) }
            val factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm())
            factory.init(store)
            return factory.trustManagers.filterIsInstance<X509TrustManager>().first()
        }
    }
}

/** The certificate is another's. */
internal class WrongHostException(host: String) : CertificateException("The certificate is not for $host")
