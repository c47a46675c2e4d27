package dev.wspool.ktor.engine

import dev.wspool.TlsConfig
import dev.wspool.TransportConfig
import io.ktor.client.engine.HttpClientEngine
import io.ktor.client.engine.HttpClientEngineConfig
import io.ktor.client.engine.HttpClientEngineFactory
import io.ktor.client.engine.cio.CIO

/**
 * What [WebSocketsEngine] can be told. Beside what is here, `proxy` counts, for HTTP proxies, and `dispatcher`: what Ktor's
 * pipeline runs on while a connection is being opened, `Dispatchers.Default` by default. No socket waits for either.
 */
public class WebSocketsEngineConfig : HttpClientEngineConfig() {
    /** How many threads read sockets. One reads some hundred thousand messages a second. Default: 1. */
    public var threads: Int = 1

    /**
     * How many bytes of frames a session may have taken and not handed on to its socket, before its outgoing channel is read
     * no further. Default: 64 KiB.
     */
    public var maxBytesInFlight: Int = 64 * 1024

    /** What is sent to the proxy as `Proxy-Authorization` where the request has none. A secret. */
    internal var proxyAuthorization: String? = null

    private val transport = TransportConfig.Builder()
    internal var tls: TlsConfig = TransportConfig().tls

    /** Who makes no such request loads nothing of the engine for it. */
    internal var makeHttpEngine: () -> HttpClientEngine = { engineOf(CIO) {} }
        private set

    /** How `wss` connections are secured. The wrapped engine has settings of its own for `https`. */
    public fun tls(configure: TlsConfig.Builder.() -> Unit) {
        transport.tls(configure)
        tls = transport.build().tls
    }

    /** The engine that all other requests than `ws` and `wss` go to, made when the first one comes. Default: CIO. */
    public fun <T : HttpClientEngineConfig> http(factory: HttpClientEngineFactory<T>, configure: T.() -> Unit = {}) {
        makeHttpEngine = { engineOf(factory, configure) }
    }

    private fun <T : HttpClientEngineConfig> engineOf(factory: HttpClientEngineFactory<T>, configure: T.() -> Unit): HttpClientEngine {
        val ours = this
        return factory.create {
            proxy = ours.proxy
            dispatcher = ours.dispatcher
            configure()
        }
    }
}
