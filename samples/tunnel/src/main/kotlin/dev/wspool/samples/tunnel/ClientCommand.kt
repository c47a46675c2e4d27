package dev.wspool.samples.tunnel

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.UsageError
import com.github.ajalt.clikt.parameters.options.convert
import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.options.required
import com.github.ajalt.clikt.parameters.types.int
import com.github.ajalt.clikt.parameters.types.restrictTo
import dev.wspool.Endpoint
import kotlin.time.Duration.Companion.seconds

/** `tunnel client`. */
class ClientCommand(streams: Streams) : EndCommand(streams, "client") {
    private val server by option(help = "Where the server's tunnel is, as ws://relay.example.com:8080/").convert("URL") {
        try {
            Endpoint(it)
        } catch (wrong: IllegalArgumentException) {
            fail(wrong.message.orEmpty())
        }
    }.required()
    private val to by option(help = "The service that TCP connections are for").address().required()
    private val connections by option(help = "How many connections wait").int().restrictTo(1..ServerCommand.MOST).default(20)
    private val maxConnections by option(help = "How many connections there are at most, with those in use")
        .int().restrictTo(1..ServerCommand.MOST).default(2_000)
    private val timeout by option(help = "How long the service may take to accept").time().default(5.seconds)

    override fun help(context: Context): String =
        "The end behind the NAT: keeps WebSocket connections to the server that wait, and opens the service for each that is put to use."

    override suspend fun begin(): End {
        if (connections > maxConnections) throw UsageError("--connections must not be more than --max-connections")
        val client = TunnelClient(endpoint(), to, connections, maxConnections, timeout, ::tell)
        tell("$connections connections to ${server.address} wait for work at $to")
        return End(client.tally, client::drain)
    }

    private fun endpoint(): Endpoint = try {
        Endpoint(server.url, tokenHeader(token))
    } catch (wrong: IllegalArgumentException) {
        throw UsageError("invalid value for --token: ${wrong.message}")
    }
}
