package dev.wspool.ktor.internal

import dev.wspool.Compression
import dev.wspool.TransportConfig
import dev.wspool.ktor.engine.codec.FrameBounds
import io.ktor.client.HttpClient

/** How a connection reads and writes: how large a message may be, how much may be taken and not written, in bytes. */
internal class FrameSettings(val maxMessageSize: Int, val maxBytesInFlight: Int, val compression: Compression?) {
    /** Those of all connections that compress nothing. */
    val bounds = FrameBounds(maxMessageSize)
}

/** What is not given is as the plugin of the user's [client] says. */
internal fun TransportConfig.frames(client: HttpClient? = null) = FrameSettings(
    maxMessageSize = if (client == null || isGiven("maxMessageSize")) maxMessageSize else client.messageBound(),
    maxBytesInFlight = maxBytesInFlight,
    compression = compression,
)

/**
 * What a connector on the user's [client] decides itself: the settings [allowed], of which alone any may be given.
 *
 * @param elsewhere where the others are set.
 * @throws IllegalArgumentException where another is given, or the client cannot open raw sessions.
 */
internal fun TransportConfig.framesOn(client: HttpClient, elsewhere: String, vararg allowed: String): FrameSettings {
    requireOnly(*allowed, why = "it is the client's: $elsewhere")
    client.prepareForRawSessions()
    return frames(client)
}
