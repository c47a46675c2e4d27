package dev.wspool.samples.benchmarks.echo

import java.nio.file.Path
import java.security.KeyStore
import java.security.cert.CertificateFactory
import java.security.cert.X509Certificate
import javax.net.ssl.SSLContext
import javax.net.ssl.TrustManagerFactory
import javax.net.ssl.X509TrustManager
import kotlin.io.path.inputStream

/** Trusts the echo server's certificate and no other, in the form that each client wants. All of them check the host name. */
internal class Trust(file: Path) {
    val certificate: X509Certificate =
        file.inputStream().use { CertificateFactory.getInstance("X.509").generateCertificate(it) } as X509Certificate

    private val managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm()).run {
        val keys = KeyStore.getInstance(KeyStore.getDefaultType())
        keys.load(null)
        keys.setCertificateEntry("echo", certificate)
        init(keys)
        trustManagers
    }

    val manager: X509TrustManager = managers.filterIsInstance<X509TrustManager>().single()

    val context: SSLContext = SSLContext.getInstance("TLS").apply { init(null, managers, null) }
}
