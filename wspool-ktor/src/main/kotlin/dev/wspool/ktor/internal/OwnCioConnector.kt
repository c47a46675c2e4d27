package dev.wspool.ktor.internal

import dev.wspool.ConnectFailedException
import dev.wspool.Endpoint
import dev.wspool.TlsFailedException
import dev.wspool.TlsProblem
import dev.wspool.TransportConfig
import dev.wspool.transport.ConnectPhase
import dev.wspool.transport.Connection
import dev.wspool.transport.ConnectionListener
import dev.wspool.transport.Connector

/** The connector of a pool that brings no client. */
internal class OwnCioConnector(private val config: TransportConfig = TransportConfig()) : Connector {
    private val clients = CioClients(config)
    private val frames = config.frames()

    init {
        requireCioCan(config.tls)
    }

    override suspend fun connect(endpoint: Endpoint, listener: ConnectionListener): Connection = try {
        dial(endpoint, listener)
    } catch (failure: TlsFailedException) {
        if (!config.tls.isInsecure || failure.problem != TlsProblem.WrongHost || !clients.learn(endpoint)) throw failure
        dial(endpoint, listener)
    }

    private suspend fun dial(endpoint: Endpoint, listener: ConnectionListener): Connection {
        if (config.proxy != null && endpoint.isSecure && endpoint.headers.keys.any { it.equals(FOR_PROXY, ignoreCase = true) }) {
            // CIO sends the headers of the request to the proxy and, through the tunnel, to the server.
            throw ConnectFailedException("$FOR_PROXY for $endpoint cannot be kept from the server by Ktor's CIO engine", isPermanent = true)
        }
        val client = clients.begin(endpoint, listener)
        // TCP has a time of its own, see [CioDial], and fails by name: what takes longer is behind it.
        listener.onPhase(if (endpoint.isSecure) ConnectPhase.Tls else ConnectPhase.Upgrade)
        return Dial(client.http, endpoint, listener, CioDial(client, listener, frames, clients::leaveBehind)).open()
    }

    override fun close(): Unit = clients.close()

    private companion object {
        const val FOR_PROXY = "Proxy-Authorization"
    }
}
