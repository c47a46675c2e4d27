package dev.wspool.ktor.engine

import io.ktor.client.engine.HttpClientEngine
import io.ktor.client.engine.HttpClientEngineFactory

/**
 * wspool's own engine for Ktor's `HttpClient`: it serves `ws` and `wss` requests itself, on `java.nio` and the JDK's TLS, and
 * hands all others to the engine that it wraps. The client's plugins take part in an upgrade as in any request.
 *
 * ```
 * val client = HttpClient(WebSocketsEngine) {
 *     install(WebSockets)
 *     engine { tls { trust(File("ca.pem")) } }
 * }
 * ```
 * Sockets are read by threads of the engine (`wspool-engine-1`), which are daemons, start with the first connection and end a
 * second after the last. What is read is handed on there; whoever it wakes runs on his own dispatcher, and only code on
 * `Dispatchers.Unconfined` runs on the engine's thread: such code must not block.
 */
public data object WebSocketsEngine : HttpClientEngineFactory<WebSocketsEngineConfig> {
    /** @throws IllegalArgumentException naming the setting, where one makes no sense or the JVM cannot do it. */
    override fun create(block: WebSocketsEngineConfig.() -> Unit): HttpClientEngine =
        RealWebSocketsEngine(WebSocketsEngineConfig().apply(block))
}
