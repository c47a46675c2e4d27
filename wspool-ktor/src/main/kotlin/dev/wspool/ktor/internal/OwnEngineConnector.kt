package dev.wspool.ktor.internal

import dev.wspool.Endpoint
import dev.wspool.TransportConfig
import dev.wspool.ktor.engine.WebSocketsEngine
import dev.wspool.transport.Connection
import dev.wspool.transport.ConnectionListener
import dev.wspool.transport.Connector
import io.ktor.client.HttpClient
import io.ktor.client.engine.ProxyBuilder
import io.ktor.client.engine.http
import io.ktor.client.plugins.websocket.WebSockets
import java.net.URI
import java.net.URLDecoder
import kotlin.io.encoding.Base64

/**
 * The connector of a pool that brings no client: our own engine, with TLS and proxy as [config] says. Redirects are not
 * followed, as that a server sends elsewhere is an answer that the pool's user should see.
 */
internal class OwnEngineConnector(config: TransportConfig) : Connector {
    private val frames = config.frames()

    private val client = HttpClient(WebSocketsEngine) {
        expectSuccess = false
        followRedirects = false
        install(WebSockets)
        engine {
            tls = config.tls
            config.proxy?.let {
                proxy = ProxyBuilder.http(it)
                proxyAuthorization = basicAuthorization(URI(it).rawUserInfo)
            }
        }
    }.apply { prepareForRawSessions() }

    /** RFC 7617, 2: for whoever stands in a URL before its host; null where nobody does. */
    private fun basicAuthorization(userInfo: String?): String? =
        userInfo?.let { "Basic " + Base64.encode(URLDecoder.decode(it.replace("+", "%2B"), "UTF-8").encodeToByteArray()) }

    override suspend fun connect(endpoint: Endpoint, listener: ConnectionListener): Connection =
        LinkDial(client, endpoint, listener, frames).open()

    override fun close(): Unit = client.close()
}
