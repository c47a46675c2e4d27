package dev.wspool.ktor.internal

import dev.wspool.TlsConfig
import java.security.KeyStore
import java.security.cert.CertificateException
import java.security.cert.X509Certificate
import javax.net.ssl.TrustManagerFactory
import javax.net.ssl.X509TrustManager

/** Decides whether a certificate leads to one that is trusted, whatever it is for: those that are given, or else what the JVM trusts. */
internal fun TlsConfig.authorities(): X509TrustManager {
    val store = if (trusted.isEmpty()) null else KeyStore.getInstance(KeyStore.getDefaultType()).apply { load(null, null) }
    trusted.forEachIndexed { number, certificate -> store!!.setCertificateEntry("$number", certificate) }
    val factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm())
    factory.init(store)
    return factory.trustManagers.filterIsInstance<X509TrustManager>().first()
}

/** @throws WrongHostException where it is not for [host]. */
internal fun X509Certificate.requireFor(host: String) {
    if (!isFor(host)) throw WrongHostException(host)
}

/** The certificate is another's. */
internal class WrongHostException(host: String) : CertificateException("The certificate is not for $host")
