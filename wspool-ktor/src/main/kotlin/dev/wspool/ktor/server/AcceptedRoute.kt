package dev.wspool.ktor.server

import dev.wspool.AcceptedPool
import dev.wspool.ktor.server.accept.Gate
import dev.wspool.ktor.server.accept.drainWith
import io.ktor.http.HttpMethod
import io.ktor.server.routing.Route
import io.ktor.server.routing.application
import io.ktor.server.routing.route

/**
 * Lets clients into [pool] that open a WebSocket connection at [path]: it is the pool's from then on. Needs no plugin; Ktor's own
 * `WebSockets` is not used.
 *
 * ```kotlin
 * val workers = AcceptedPool { maxConnections = 100 }
 * routing {
 *     webSocketPool("/workers", workers) {
 *         allowAddresses("10.0.0.0/8", "::1")
 *         authenticate { call -> AffinityKey(call.request.headers["X-Worker"] ?: refuse()) }
 *     }
 * }
 * ```
 *
 * Who is not let in gets an HTTP answer: 400 or 426 (no WebSocket handshake), 403 (address or origin), 401 (`authenticate`), 429 with
 * `Retry-After` (rate and quotas), 503 with `Retry-After` (the pool is full, or drains). None of them takes a place in the pool.
 *
 * While the application stops the pool is drained, before the engine stops; see [AcceptSettings.drainTimeout].
 */
public fun Route.webSocketPool(path: String, pool: AcceptedPool, configure: AcceptSettings.() -> Unit = {}): Route {
    val settings = AcceptSettings().apply(configure)
    val gate = Gate(pool, settings)
    application.drainWith(pool, settings.drainTimeout)
    return route(path, HttpMethod.Get) { handle { gate.enter(call) } }
}
