package dev.wspool.ktor.faults

import dev.wspool.TransportConfig
import dev.wspool.ktor.CioConnector
import dev.wspool.ktor.OkHttpConnector
import dev.wspool.ktor.internal.ownClient
import dev.wspool.transport.Capability
import dev.wspool.transport.Capability.Backpressure
import dev.wspool.transport.Capability.HardAbort
import dev.wspool.transport.Capability.MessageBound
import dev.wspool.transport.Capability.Ping
import dev.wspool.transport.Capability.Utf8Check
import dev.wspool.transport.Connector
import io.ktor.client.HttpClient
import io.ktor.client.engine.okhttp.OkHttp
import io.ktor.client.plugins.websocket.WebSockets

/**
 * A connector that the matrix is played with.
 *
 * @property capabilities which cells can be played: a mute peer is found out by pings alone, for instance.
 * @property open makes one, for all its cells.
 */
internal class Subject(private val name: String, val capabilities: Set<Capability>, val open: () -> Opened) {
    /** A connector with whatever it rests on, which outlives the pools. */
    class Opened(val client: HttpClient, val connector: Connector)

    override fun toString() = name

    /** What can be played with it. */
    fun cells(): List<Cell> = Fault.ALL
        .filter { capabilities.containsAll(it.needs) }
        .flatMap { fault -> fault.moments.map { Cell(fault, it) } }

    companion object {
        val ALL = listOf(
            Subject("Ktor CIO", setOf(Ping, Backpressure, MessageBound, Utf8Check)) {
                val client = ownClient(TransportConfig())
                Opened(client, CioConnector(client))
            },
            Subject("Ktor OkHttp", setOf(Backpressure, MessageBound, HardAbort)) {
                val client = HttpClient(OkHttp) { install(WebSockets) }
                Opened(client, OkHttpConnector(client))
            },
        )
    }
}
