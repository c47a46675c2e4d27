package dev.wspool.ktor.internal

import dev.wspool.Compression
import dev.wspool.TransportConfig
import io.ktor.client.HttpClient

/** How a connection reads and writes: how large a message may be, how much may be taken and not written, in bytes. */
internal class FrameSettings(val maxMessageSize: Int, val maxBytesInFlight: Int, val compression: Compression?)

/** What is not given is as the plugin of the user's [client] says. */
internal fun TransportConfig.frames(client: HttpClient? = null) = FrameSettings(
    maxMessageSize = if (client == null || isGiven("maxMessageSize")) maxMessageSize else client.messageBound(),
    maxBytesInFlight = maxBytesInFlight,
    compression = compression,
)
