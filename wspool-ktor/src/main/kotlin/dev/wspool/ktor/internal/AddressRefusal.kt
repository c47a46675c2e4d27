package dev.wspool.ktor.internal

import dev.wspool.ConnectFailedException
import dev.wspool.Endpoint
import io.ktor.client.HttpClient

/** @throws ConnectFailedException where this endpoint is at an address: Ktor's engines cannot be told where a host is. */
internal fun Endpoint.requireNoAddress(engine: String) {
    if (ipAddress != null) {
        throw unreachable("with $engine, which looks the host up itself: use HttpClient(WebSocketsEngine), or leave out the address")
    }
}

/** @throws ConnectFailedException where this endpoint is at an address and [client] has a proxy, which is told the host's name alone. */
internal fun Endpoint.requireNoProxy(client: HttpClient) {
    if (ipAddress != null && client.engine.config.proxy != null) {
        throw unreachable("through a proxy, which looks the host up itself: leave out the proxy, or the address")
    }
}

private fun Endpoint.unreachable(how: String) = ConnectFailedException("$this cannot be connected to $how", isPermanent = true)
