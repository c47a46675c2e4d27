package dev.wspool.ktor.internal

import dev.wspool.ktor.CioConnector
import dev.wspool.transport.Connector
import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import io.ktor.client.engine.cio.endpoint
import io.ktor.client.plugins.websocket.WebSockets
import kotlinx.coroutines.cancel

/**
 * The connector of a pool that brings no client. Its client differs from Ktor's defaults, measured with Ktor 3.6.1:
 * - CIO's limits are lifted: the pool is the limiter. The default of 100 per route let 70 of 170 dials wait until CIO's
 *   connect timeout, and then said "Connect timeout has expired" of a server that it had never called.
 * - CIO's connect timeout is lifted, as the pool's covers TCP, TLS and upgrade (CIO's covers the first alone: a server that
 *   accepts and stays silent hung for ever).
 * - Redirects are not followed: that a server sends elsewhere is an answer that the pool's user should see.
 * - Ktor's own pinger stays off: it tells nobody of round trips and took 9 % of a core for 5,000 connections.
 */
internal class OwnCioConnector(private val client: HttpClient = cioClient()) : Connector by CioConnector(client) {
    /**
     * Also frees the sockets whose writer is stuck, which `HttpClient.close` waits for: only the end of the engine's
     * selector does. By contract no other connection is open any more.
     */
    override fun close() {
        client.close()
        client.engine.cancel()
    }
}

internal fun cioClient() = HttpClient(CIO) {
    expectSuccess = false
    followRedirects = false
    install(WebSockets)
    engine {
        maxConnectionsCount = Int.MAX_VALUE
        endpoint {
            maxConnectionsPerRoute = Int.MAX_VALUE
            connectAttempts = 1
            connectTimeout = A_WEEK
        }
    }
}

/** Long enough never to be met; CIO doubles it, so that the largest number would overflow. */
private const val A_WEEK = 7 * 24 * 3_600_000L
