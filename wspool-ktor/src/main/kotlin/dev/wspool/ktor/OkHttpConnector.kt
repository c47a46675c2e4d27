package dev.wspool.ktor

import dev.wspool.Endpoint
import dev.wspool.TransportConfig
import dev.wspool.ktor.internal.Dial
import dev.wspool.ktor.internal.FrameSettings
import dev.wspool.ktor.internal.OkHttpDial
import dev.wspool.ktor.internal.OkHttpTap
import dev.wspool.ktor.internal.framesOn
import dev.wspool.ktor.internal.requireNoAddress
import dev.wspool.ktor.internal.requireOkHttp
import dev.wspool.transport.Connection
import dev.wspool.transport.ConnectionListener
import dev.wspool.transport.Connector
import io.ktor.client.HttpClient

/**
 * Opens connections with a Ktor client on its OkHttp engine. The client stays the caller's; its plugins, and the interceptors,
 * TLS settings and proxy of its OkHttp, take part in the upgrade. Needs `io.ktor:ktor-client-okhttp-jvm`.
 *
 * The connector adds an interceptor of its own to the engine, once for each client, which sees the pool's calls alone: only
 * so can a connection be ended at once, and its bytes be counted. Compression, which OkHttp offers unasked, is not offered.
 *
 * What is OkHttp's:
 * - It shows no pongs, so that the pool cannot ping. OkHttp can by itself: `engine { config { pingInterval(…) } }` ends a
 *   connection whose peer does not answer, also one that is not read for that long because nobody takes its messages.
 * - Each connection has a thread.
 * - It runs 64 calls at once, WebSockets included (`maxRequests` of its Dispatcher).
 * - It drops a message that finds more than 16 MiB queued, without a word: one of more than 8 MiB is refused with
 *   [dev.wspool.MessageTooBigException]. And it does not tell malformed text from text with replacement characters.
 * - It looks hosts up itself: an endpoint [at an address][Endpoint.at] is refused.
 *
 * @param config what the connector itself decides: sizes. Where `maxMessageSize` is not given, `maxFrameSize` of the client's
 * WebSockets plugin counts, if that is set. TLS and proxy are the client's, and compression is not to be had.
 * @throws IllegalArgumentException where the client has another engine, no WebSockets plugin, or a `webSocketFactory`, or
 * [config] holds what it must not.
 */
public class OkHttpConnector
    @JvmOverloads
    constructor(
        private val client: HttpClient,
        config: TransportConfig = TransportConfig(),
    ) : Connector {
        private val frames: FrameSettings
        private val tap: OkHttpTap

        init {
            client.requireOkHttp()
            frames = config.framesOn(client, "HttpClient(OkHttp) { engine { config { … } } }", "maxMessageSize", "maxBytesInFlight")
            tap = OkHttpTap.of(client)
        }

        override suspend fun connect(endpoint: Endpoint, listener: ConnectionListener): Connection {
            endpoint.requireNoAddress("OkHttp")
            return Dial(client, endpoint, listener, OkHttpDial(tap, frames)).open()
        }
    }
