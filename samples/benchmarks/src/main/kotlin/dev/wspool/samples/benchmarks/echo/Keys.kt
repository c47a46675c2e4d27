package dev.wspool.samples.benchmarks.echo

import io.ktor.network.tls.certificates.buildKeyStore
import io.ktor.network.tls.extensions.HashAlgorithm
import io.ktor.network.tls.extensions.SignatureAlgorithm
import java.security.KeyStore

/** What the echo server shows over TLS: a key on P-256, which all clients know, and a certificate for `localhost`. */
internal object Keys {
    const val ALIAS = "echo"

    @JvmField
    val PASSWORD = "benchmarks".toCharArray()

    @JvmStatic
    fun generate(): KeyStore = buildKeyStore {
        certificate(ALIAS) {
            hash = HashAlgorithm.SHA256
            sign = SignatureAlgorithm.ECDSA
            keySizeInBits = 256
            password = String(PASSWORD)
            domains = listOf("localhost")
        }
    }
}
