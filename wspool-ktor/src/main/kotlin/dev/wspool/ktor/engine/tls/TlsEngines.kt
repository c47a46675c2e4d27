package dev.wspool.ktor.engine.tls

import dev.wspool.TlsConfig
import dev.wspool.ktor.internal.toIpAddress
import javax.net.ssl.SNIHostName
import javax.net.ssl.SNIServerName
import javax.net.ssl.SSLContext
import javax.net.ssl.SSLEngine

/**
 * Makes the engines of all connections that have [config], from one context, so that a session can be resumed.
 *
 * @throws IllegalArgumentException where the JVM has none of what [config] asks for.
 */
internal class TlsEngines(private val config: TlsConfig) {
    /** Lazy, as it reads what the JVM trusts, which a pool of `ws` connections does without. */
    private val context by lazy {
        SSLContext.getInstance("TLS").apply {
            init(arrayOf(ClientKeys(config.clientCertificates)), arrayOf(EngineTrust(config)), null)
            // It looks for a session by host and port, and finds the last. The JDK would keep 20,480 that it never finds again.
            clientSessionContext.sessionCacheSize = MOST_SESSIONS
        }
    }

    private val protocols by lazy {
        val supported = context.supportedSSLParameters.protocols
        config.protocols.chosenFrom(supported, "protocols").ifEmpty { MODERN.filter { it in supported } }
    }
    private val cipherSuites by lazy { config.cipherSuites.chosenFrom(context.supportedSSLParameters.cipherSuites, "cipherSuites") }

    init {
        if (config.protocols.isNotEmpty()) protocols
        if (config.cipherSuites.isNotEmpty()) cipherSuites
    }

    /**
     * An engine for a connection to [host] and [port] that has not begun. The first may take long, as it reads what the JVM trusts:
     * not for the loop's thread.
     */
    fun engine(host: String, port: Int): SSLEngine {
        val name = config.serverName ?: host
        val engine = context.createSSLEngine(name, port)
        engine.useClientMode = true
        engine.sslParameters = engine.sslParameters.also {
            it.protocols = protocols.toTypedArray()
            if (cipherSuites.isNotEmpty()) it.cipherSuites = cipherSuites.toTypedArray()
            it.serverNames = serverNames(name)
        }
        return engine
    }

    private companion object {
        val MODERN = listOf("TLSv1.3", "TLSv1.2")
        const val MOST_SESSIONS = 64

        /**
         * Not for an address, and without the dot that ends an absolute name (RFC 6066, 3). Nor is a name with an underscore told, as
         * one in a container's network may have: a JDK on the other side breaks off at it.
         */
        fun serverNames(name: String): List<SNIServerName> = try {
            if (name.toIpAddress() == null) listOf(SNIHostName(name.removeSuffix("."))) else emptyList()
        } catch (_: IllegalArgumentException) {
            emptyList()
        }

        fun List<String>.chosenFrom(supported: Array<String>, setting: String): List<String> {
            val unknown = filterNot { it in supported }
            require(unknown.isEmpty()) { "$setting names ${unknown.joinToString()}; the JVM has ${supported.joinToString()}" }
            return this
        }
    }
}
