package dev.wspool.ktor.interop

import dev.wspool.PoolConfig
import dev.wspool.WebSocketPool
import dev.wspool.ktor.Trusting
import dev.wspool.ktor.webSocketPool
import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import io.ktor.client.engine.okhttp.OkHttp
import io.ktor.client.plugins.websocket.WebSockets
import javax.net.ssl.SSLContext

/** What pools are made on: our own engine, or a client of the user's. */
internal interface Engine : AutoCloseable {
    /** A pool for [url], which is of [peer]. */
    fun pool(url: String, peer: Peer, configure: PoolConfig.Builder.() -> Unit): WebSocketPool

    override fun close() = Unit

    /** That of a pool which brings no client. */
    object Own : Engine {
        override fun pool(url: String, peer: Peer, configure: PoolConfig.Builder.() -> Unit) = WebSocketPool(url) {
            if (url.startsWith("wss:")) tls { peer.tls(this) }
            configure()
        }
    }

    private class OfUsers(private val client: HttpClient) : Engine {
        override fun pool(url: String, peer: Peer, configure: PoolConfig.Builder.() -> Unit) = client.webSocketPool(url, configure)

        override fun close() = client.close()
    }

    companion object {
        /** Whose TLS ends at 1.2. */
        fun cio(): Engine = OfUsers(
            HttpClient(CIO) {
                install(WebSockets)
                engine { https { trustManager = Trusting } }
            },
        )

        fun okHttp(): Engine = OfUsers(
            HttpClient(OkHttp) {
                install(WebSockets)
                val context = SSLContext.getInstance("TLSv1.3").apply { init(null, arrayOf(Trusting), null) }
                engine { config { sslSocketFactory(context.socketFactory, Trusting) } }
            },
        )
    }
}
