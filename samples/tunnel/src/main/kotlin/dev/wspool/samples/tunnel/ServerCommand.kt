package dev.wspool.samples.tunnel

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.options.required
import com.github.ajalt.clikt.parameters.types.int
import com.github.ajalt.clikt.parameters.types.restrictTo
import java.io.IOException
import kotlin.time.Duration.Companion.seconds

/** `tunnel server`. */
class ServerCommand(streams: Streams) : EndCommand(streams, "server") {
    private val listenTunnel by option(help = "Where client ends connect to, by WebSocket").address().required()
    private val listen by option(help = "Where TCP connections are accepted").address().required()
    private val maxConnections by option(help = "How many connections client ends may open").int().restrictTo(1..MOST).default(2_000)
    private val timeout by option(help = "How long a TCP connection may wait until its service is open").time().default(5.seconds)

    override fun help(context: Context): String =
        "The public end: borrows, for each TCP connection that it accepts, a WebSocket connection that a client end has opened."

    override suspend fun begin(): End {
        val server = TunnelServer(maxConnections, token, timeout, ::tell)
        try {
            server.start(listenTunnel, listen)
        } catch (failed: IOException) {
            server.stop()
            throw IOException("cannot listen at $listenTunnel and $listen: ${failed.message}", failed)
        }
        tell("Tunnel at ws://${Address(listenTunnel.host, server.tunnelPort)}/, TCP at ${Address(listen.host, server.port)}")
        return End(server.tally, server::drain)
    }

    internal companion object {
        const val MOST = 10_000
    }
}
