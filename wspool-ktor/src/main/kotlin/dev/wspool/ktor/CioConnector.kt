package dev.wspool.ktor

import dev.wspool.Endpoint
import dev.wspool.TransportConfig
import dev.wspool.ktor.internal.CioDial
import dev.wspool.ktor.internal.Dial
import dev.wspool.ktor.internal.FrameSettings
import dev.wspool.ktor.internal.framesOn
import dev.wspool.ktor.internal.requireCio
import dev.wspool.ktor.internal.requireNoAddress
import dev.wspool.transport.Connection
import dev.wspool.transport.ConnectionListener
import dev.wspool.transport.Connector
import io.ktor.client.HttpClient

/**
 * Opens connections with a Ktor client on its CIO engine. The client stays the caller's; whatever plugins it has take part
 * in the upgrade, so that default headers, authentication and logging work as for any other request.
 *
 * Connections are *raw* sessions: Ktor's own ones answer pings but show no pong, so that nobody could tell a peer that is
 * alive from one that is mute. Raw sessions do without Ktor's extensions; compression is ours, see [TransportConfig.compression].
 *
 * Three frames are Ktor's:
 * - A connection whose peer has stopped reading, with the kernel's buffers full, keeps its descriptor after an abort until
 *   the peer reads on or goes away.
 * - An attempt that is cancelled in the moment between TCP's connect and Ktor's notice of it keeps its socket until the
 *   client's selector runs again: within half a second while another connection is open, else at the client's next attempt
 *   or end.
 * - Sockets run on `Dispatchers.IO`, which must not be blocked.
 *
 * An endpoint [at an address][Endpoint.at] is refused, as CIO looks hosts up itself.
 *
 * @param config what the connector itself decides: sizes and compression. Where `maxMessageSize` is not given, `maxFrameSize` of the client's
 * WebSockets plugin counts, if that is set. TLS and proxy are the client's.
 * @throws IllegalArgumentException where the client has another engine, or no WebSockets plugin, or [config] holds what is
 * the client's.
 */
public class CioConnector
    @JvmOverloads
    constructor(
        private val client: HttpClient,
        config: TransportConfig = TransportConfig(),
    ) : Connector {
        private val frames: FrameSettings

        init {
            client.requireCio()
            frames = config.framesOn(client, "HttpClient(CIO) { engine { … } }", "maxMessageSize", "maxBytesInFlight", "compression")
        }

        override suspend fun connect(endpoint: Endpoint, listener: ConnectionListener): Connection {
            endpoint.requireNoAddress("CIO")
            return Dial(client, endpoint, listener, CioDial(client, frames)).open()
        }
    }
