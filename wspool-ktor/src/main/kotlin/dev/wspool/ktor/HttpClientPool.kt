package dev.wspool.ktor

import dev.wspool.Endpoint
import dev.wspool.PoolConfig
import dev.wspool.WebSocketPool
import dev.wspool.ktor.internal.requireRoomFor
import io.ktor.client.HttpClient

/**
 * Makes a pool for [url] whose connections are opened by this client, with its plugins and its TLS settings. The client
 * stays the caller's: close the pool first.
 *
 * The client must have the WebSockets plugin and the CIO engine. `maxFrameSize` of the plugin, where it is set, bounds a
 * received message; where it is not, 1 MiB does. Its other settings are for sessions that are opened without a pool.
 *
 * @throws IllegalArgumentException where a setting makes no sense, or the engine lets fewer connections be open than
 * `maxConnections`: CIO has callers who exceed its limits wait for its connect timeout and then blames the server.
 */
@JvmOverloads
public fun HttpClient.webSocketPool(url: String, configure: PoolConfig.Builder.() -> Unit = {}): WebSocketPool =
    WebSocketPool(CioConnector(this), Endpoint(url)) {
        configure()
        requireRoomFor(build().maxConnections)
    }
