package dev.wspool.ktor.internal

import dev.wspool.Compression

/** How a connection reads and writes: how large a message may be, how much may be taken and not written, in bytes. */
internal class FrameSettings(val maxMessageSize: Int, val maxBytesInFlight: Int, val compression: Compression?)
