package dev.wspool.ktor.interop

/** The versions of TLS that a proxy is told to speak, by OpenSSL's names. */
internal enum class TlsVersions(val lowest: String, val highest: String) {
    ONLY_1_2("TLSv1.2", "TLSv1.2"),
    ONLY_1_3("TLSv1.3", "TLSv1.3"),
    BOTH("TLSv1.2", "TLSv1.3"),
}
