package dev.wspool.ktor

import java.security.cert.X509Certificate
import javax.net.ssl.X509TrustManager

/** Takes any certificate, as the tests' servers sign their own. */
internal object Trusting : X509TrustManager {
    override fun checkClientTrusted(chain: Array<X509Certificate>, authType: String) = Unit

    override fun checkServerTrusted(chain: Array<X509Certificate>, authType: String) = Unit

    override fun getAcceptedIssuers(): Array<X509Certificate> = emptyArray()
}
