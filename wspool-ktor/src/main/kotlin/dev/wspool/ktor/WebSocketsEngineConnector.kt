package dev.wspool.ktor

import dev.wspool.Endpoint
import dev.wspool.TransportConfig
import dev.wspool.ktor.internal.FrameSettings
import dev.wspool.ktor.internal.LinkDial
import dev.wspool.ktor.internal.framesOn
import dev.wspool.ktor.internal.requireOwnEngine
import dev.wspool.transport.Connection
import dev.wspool.transport.ConnectionListener
import dev.wspool.transport.Connector
import io.ktor.client.HttpClient

/**
 * Opens connections with a Ktor client on wspool's own engine, [dev.wspool.ktor.engine.WebSocketsEngine]. The client stays the
 * caller's; whatever plugins it has take part in the upgrade. A connection is the bare socket, and once it is open its call is
 * over: closing the client leaves it open.
 *
 * An endpoint [at an address][Endpoint.at] is connected to there, and refused where the client has a proxy. Where a plugin sends the
 * request to another host, that one is looked up.
 *
 * @param config what the connector itself decides: sizes and compression. Where `maxMessageSize` is not given, `maxFrameSize` of
 * the client's WebSockets plugin counts, if that is set. TLS and proxy are the client's.
 * @throws IllegalArgumentException where the client has another engine, or no WebSockets plugin, or [config] holds what is the
 * client's.
 */
public class WebSocketsEngineConnector
    @JvmOverloads
    constructor(
        private val client: HttpClient,
        config: TransportConfig = TransportConfig(),
    ) : Connector {
        private val frames: FrameSettings

        init {
            client.requireOwnEngine()
            val elsewhere = "HttpClient(WebSocketsEngine) { engine { … } }"
            frames = config.framesOn(client, elsewhere, "maxMessageSize", "maxBytesInFlight", "compression")
        }

        override suspend fun connect(endpoint: Endpoint, listener: ConnectionListener): Connection =
            LinkDial(client, endpoint, listener, frames).open()
    }
