package dev.wspool.ktor.engine.tls

import dev.wspool.TlsConfig
import dev.wspool.TransportConfig
import dev.wspool.ktor.TestKeys
import java.nio.ByteBuffer
import javax.net.ssl.KeyManagerFactory
import javax.net.ssl.SSLContext

/** Keys, contexts and the engines of both ends. */
internal object TlsEnds {
    val KEYS: TestKeys by lazy { TestKeys.selfSigned("localhost", algorithm = "EC") }
    val AUTHORITY: TestKeys by lazy { TestKeys.selfSigned("authority", "-ext", "bc:c", algorithm = "EC") }
    const val PORT = 443

    fun tls(change: TlsConfig.Builder.() -> Unit = { trust(KEYS.certificate) }): TlsConfig = TransportConfig { tls(change) }.tls

    /** A server's context, which takes clients that show a certificate of [clients]. */
    fun context(keys: TestKeys = KEYS, clients: TestKeys? = null): SSLContext {
        val own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm()).apply { init(keys.store, TestKeys.PASSWORD) }
        return SSLContext.getInstance("TLS").apply { init(own.keyManagers, clients?.let { arrayOf(it.trust()) }, null) }
    }

    fun server(context: SSLContext = context(), protocol: String = "TLSv1.3", needsClient: Boolean = false): TlsServer {
        val engine = context.createSSLEngine()
        engine.useClientMode = false
        engine.enabledProtocols = arrayOf(protocol)
        engine.needClientAuth = needsClient
        return TlsServer(engine)
    }

    fun client(engines: TlsEngines = TlsEngines(tls()), host: String = "localhost"): TlsClient = TlsClient(engines.engine(host, PORT))
}

/** Both ends of a connection that is established and idle. */
internal fun connected(protocol: String): Pair<TlsClient, TlsServer> {
    val server = TlsEnds.server(protocol = protocol)
    return TlsEnds.client().shakeHands(server).also(TlsClient::assertIdle) to server
}

internal fun List<ByteArray>.join(): ByteArray = fold(ByteArray(0), ByteArray::plus)

/** What has been put into it. */
internal fun ByteBuffer.taken(): ByteArray = ByteArray(flip().remaining()).also(::get)
