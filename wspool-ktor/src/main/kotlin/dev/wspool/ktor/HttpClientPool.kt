package dev.wspool.ktor

import dev.wspool.Endpoint
import dev.wspool.PoolConfig
import dev.wspool.TransportConfig
import dev.wspool.WebSocketPool
import dev.wspool.ktor.internal.isOnOkHttp
import dev.wspool.ktor.internal.isOnOwnEngine
import dev.wspool.ktor.internal.requireCioRoomFor
import dev.wspool.ktor.internal.requireOkHttpRoomFor
import dev.wspool.ktor.internal.requireRawSessions
import dev.wspool.transport.Connector
import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIOEngineConfig

/**
 * Makes a pool for [url] whose connections are opened by this client, with its plugins and its TLS settings. The client
 * stays the caller's: close the pool first.
 *
 * The client must have the WebSockets plugin and the CIO engine, or OkHttp's, which has no pongs and a thread for each
 * connection, but TLS 1.3; see `docs/engines.md`. `maxMessageSize` bounds a received
 * message; where it is not set, `maxFrameSize` of the plugin does. The plugin's other settings are for sessions that are opened
 * without a pool. TLS and proxy are the client's, and setting them here is refused.
 *
 * @throws IllegalArgumentException where a setting makes no sense, or the engine lets fewer connections be open than
 * `maxConnections`: CIO has callers who exceed its limits wait for its connect timeout and then blames the server; OkHttp has
 * them wait for ever.
 */
@JvmOverloads
public fun HttpClient.webSocketPool(url: String, configure: PoolConfig.Builder.() -> Unit = {}): WebSocketPool =
    webSocketPool(Endpoint(url), configure)

/** As the other, with the headers and subprotocols of [endpoint]. */
internal fun HttpClient.webSocketPool(endpoint: Endpoint, configure: PoolConfig.Builder.() -> Unit): WebSocketPool =
    WebSocketPool(endpoint, ::connector) {
        requireRawSessions()
        configure()
        val connections = build().maxConnections
        if (isOnOkHttp) requireOkHttpRoomFor(connections)
        if (engine.config is CIOEngineConfig) requireCioRoomFor(connections)
    }

private fun HttpClient.connector(config: TransportConfig): Connector = when {
    isOnOwnEngine -> WebSocketsEngineConnector(this, config)
    isOnOkHttp -> OkHttpConnector(this, config)
    else -> CioConnector(this, config)
}
