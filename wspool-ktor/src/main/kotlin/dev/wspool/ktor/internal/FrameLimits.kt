package dev.wspool.ktor.internal

/** How much a connection reads at once, and how much it may have taken and not written. In bytes. */
internal class FrameLimits(val maxMessageSize: Int, val maxBytesInFlight: Int)
