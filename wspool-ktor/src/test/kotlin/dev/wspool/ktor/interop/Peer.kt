package dev.wspool.ktor.interop

import dev.wspool.TlsConfig

/**
 * A WebSocket server that others wrote. The first part of a path says what it does with a message: `echo` sends it back; `plain` does
 * too, and declines compression; `ping` sends it back in a ping, and tells of the pong; `close` takes it for the code and reason of a
 * Close; `wire` tells how many bytes have been received on the connection.
 */
internal interface Peer : AutoCloseable {
    /** What it saw of the ends of its connections. */
    val ends: Ends

    /** The URL of [path]; the same after a restart. */
    fun address(path: String): String

    /** Whom to trust. */
    fun tls(settings: TlsConfig.Builder) = Unit

    /** Starts it where it does not run; returns when it listens, and fails where it does not. */
    fun start()

    /** Ends it, and all its connections with it, without a word. */
    fun kill()

    override fun close() = kill()
}
