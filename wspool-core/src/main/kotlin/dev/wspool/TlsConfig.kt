package dev.wspool

import java.io.File
import java.security.KeyStore
import java.security.PrivateKey
import java.security.cert.CertificateException
import java.security.cert.CertificateFactory
import java.security.cert.X509Certificate

/**
 * How `wss` connections are secured. The server's certificate is verified and must be for the host that was asked for,
 * unless [isInsecure].
 */
public class TlsConfig private constructor(builder: Builder) {
    /** Trusted in place of what the JVM trusts: certificate authorities, or servers' own certificates. Empty for the JVM's. */
    public val trusted: List<X509Certificate> = builder.trusted.toList()

    /** True where any certificate will do, of anybody. */
    public val isInsecure: Boolean = builder.isInsecure

    /** See [Builder.clientCertificate]. */
    public val clientCertificates: List<ClientCertificate> = builder.clientCertificates.toList()

    /** See [Builder.serverName]. */
    public val serverName: String? = builder.serverName

    /** See [Builder.protocols]. Empty for the engine's. */
    public val protocols: List<String> = builder.protocols

    /** See [Builder.cipherSuites]. Empty for the engine's. */
    public val cipherSuites: List<String> = builder.cipherSuites

    init {
        require(serverName?.isBlank() != true) { "serverName must not be blank" }
        require(!isInsecure || trusted.isEmpty()) { "insecure() trusts everybody: leave out trust(…), or insecure()" }
    }

    /** A certificate by which the client shows who it is, with those that lead to its issuer, and its key. */
    public class ClientCertificate(public val chain: List<X509Certificate>, public val key: PrivateKey) {
        init {
            require(chain.isNotEmpty()) { "a client certificate must have at least one certificate" }
        }

        /** Never shows the key. */
        override fun toString(): String = chain.first().subjectX500Principal.name
    }

    /** The choices. The last of [verified], [trust] and [insecure] counts. */
    @WebSocketPoolDsl
    public class Builder {
        internal val trusted = mutableListOf<X509Certificate>()
        internal var isInsecure = false
        internal val clientCertificates = mutableListOf<ClientCertificate>()
        internal var protocols = emptyList<String>()
        internal var cipherSuites = emptyList<String>()

        /**
         * The name that the certificate must be for, and that is sent to the server (RFC 6066, 3). Default: the URL's host. An
         * IP address is checked as one, and never looked up.
         */
        public var serverName: String? = null

        /** The server's certificate must lead to one that the JVM trusts. The default. */
        public fun verified() {
            isInsecure = false
            trusted.clear()
        }

        /** The server's certificate must be one of [certificates], or be issued by one of them; the JVM's own do not count. */
        public fun trust(vararg certificates: X509Certificate) {
            require(certificates.isNotEmpty()) { "trust must be given a certificate" }
            isInsecure = false
            trusted += certificates
        }

        /**
         * As the other, with the certificates in a [file], PEM or DER.
         *
         * @throws IllegalArgumentException where it holds none.
         * @throws java.io.IOException where it cannot be read.
         */
        public fun trust(file: File) {
            val found = try {
                file.inputStream().use { CertificateFactory.getInstance("X.509").generateCertificates(it) }
            } catch (failure: CertificateException) {
                throw IllegalArgumentException("$file holds no certificate that can be read", failure)
            }
            require(found.isNotEmpty()) { "$file holds no certificate" }
            trust(*found.map { it as X509Certificate }.toTypedArray())
        }

        /**
         * Trusts whoever answers, with any certificate for any name: encrypted, but to nobody knows whom. For tests. Every pool
         * that is made so warns in the log and with [PoolEvent.Insecure].
         */
        public fun insecure() {
            isInsecure = true
            trusted.clear()
        }

        /** Shown to a server that asks who we are: [chain] begins with the certificate that belongs to [key]. */
        public fun clientCertificate(chain: List<X509Certificate>, key: PrivateKey) {
            clientCertificates += ClientCertificate(chain, key)
        }

        /** As the other, with every key that is in [keyStore] and opens with [password]. */
        public fun clientCertificate(keyStore: KeyStore, password: CharArray) {
            val keys = keyStore.aliases().toList().filter(keyStore::isKeyEntry)
            require(keys.isNotEmpty()) { "the key store holds no key" }
            for (alias in keys) {
                val chain = keyStore.getCertificateChain(alias).map { it as X509Certificate }
                clientCertificate(chain, keyStore.getKey(alias, password) as PrivateKey)
            }
        }

        /** The versions that may be used, by the names of [javax.net.ssl.SSLContext]: `TLSv1.2`. Default: the engine's. */
        public fun protocols(vararg names: String) {
            protocols = names.toList()
        }

        /** The cipher suites that may be used, by their names in the IANA's registry. Default: the engine's. */
        public fun cipherSuites(vararg names: String) {
            cipherSuites = names.toList()
        }

        internal fun build() = TlsConfig(this)

        internal fun copy() = Builder().also {
            it.trusted += trusted
            it.isInsecure = isInsecure
            it.clientCertificates += clientCertificates
            it.serverName = serverName
            it.protocols = protocols
            it.cipherSuites = cipherSuites
        }
    }
}
