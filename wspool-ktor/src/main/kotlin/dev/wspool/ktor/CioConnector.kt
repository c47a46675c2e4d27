package dev.wspool.ktor

import dev.wspool.Endpoint
import dev.wspool.ktor.internal.CioDial
import dev.wspool.ktor.internal.Dial
import dev.wspool.ktor.internal.messageBound
import dev.wspool.ktor.internal.prepareForRawSessions
import dev.wspool.ktor.internal.requireCio
import dev.wspool.transport.Connection
import dev.wspool.transport.ConnectionListener
import dev.wspool.transport.Connector
import io.ktor.client.HttpClient

/**
 * Opens connections with a Ktor client on its CIO engine. The client stays the caller's; whatever plugins it has take part
 * in the upgrade, so that default headers, authentication and logging work as for any other request.
 *
 * Connections are *raw* sessions: Ktor's own ones answer pings but show no pong, so that nobody could tell a peer that is
 * alive from one that is mute. Compression is never asked for, as raw sessions do without Ktor's extensions.
 *
 * Three limits are Ktor's:
 * - A connection whose peer has stopped reading, with the kernel's buffers full, keeps its descriptor after an abort until
 *   the peer reads on or goes away.
 * - An attempt that is cancelled in the moment between TCP's connect and Ktor's notice of it keeps its socket until the
 *   client's selector runs again: within half a second while another connection is open, else at the client's next attempt
 *   or end.
 * - Sockets run on `Dispatchers.IO`, which must not be blocked.
 *
 * @param maxMessageSize how large a received message may be, in bytes. A larger one ends the connection with 1009. Default:
 * `maxFrameSize` of the client's WebSockets plugin, or 1 MiB where that is not set.
 * @throws IllegalArgumentException where the client has another engine, or no WebSockets plugin.
 */
public class CioConnector
    @JvmOverloads
    constructor(
        private val client: HttpClient,
        private val maxMessageSize: Int = client.messageBound(),
    ) : Connector {
        init {
            require(maxMessageSize >= 1) { "maxMessageSize must be at least 1, not $maxMessageSize" }
            client.requireCio()
            client.prepareForRawSessions()
        }

        override suspend fun connect(endpoint: Endpoint, listener: ConnectionListener): Connection =
            Dial(client, endpoint, listener, maxMessageSize, CioDial(maxMessageSize)).open()
    }
