package dev.wspool.ktor.internal

import io.ktor.client.HttpClient
import io.ktor.client.engine.okhttp.OkHttpConfig

// Loaded for a client on OkHttp only, as its engine is an optional dependency.

/** @throws IllegalArgumentException where the client is not on OkHttp itself. */
internal fun HttpClient.requireOkHttp() {
    val config = engine.config
    require(config is OkHttpConfig) { "The connector needs an HttpClient with Ktor's OkHttp engine, not ${engine.javaClass.simpleName}" }
    require(config.webSocketFactory == null) {
        "The pool needs OkHttp's own WebSockets: engine { webSocketFactory } of the HttpClient must not be set"
    }
}

/** @throws IllegalArgumentException where [connections] are more than OkHttp will run. What cannot be read is not checked. */
internal fun HttpClient.requireOkHttpRoomFor(connections: Int) {
    val limit = (engine.config as OkHttpConfig).maxRequests() ?: return
    require(connections <= limit) {
        "maxConnections ($connections) is more than the client's engine allows: maxRequests of OkHttp's Dispatcher is $limit, and " +
            "each open WebSocket is one. Raise it with engine { config { dispatcher(Dispatcher().apply { maxRequests = … }) } }, " +
            "or lower maxConnections"
    }
}
