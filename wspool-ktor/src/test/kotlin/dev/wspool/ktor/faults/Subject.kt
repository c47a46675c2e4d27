package dev.wspool.ktor.faults

import dev.wspool.ktor.CioConnector
import dev.wspool.ktor.OkHttpConnector
import dev.wspool.ktor.WebSocketsEngineConnector
import dev.wspool.ktor.cioClient
import dev.wspool.ktor.engine.WebSocketsEngine
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
 * @property mostPerCell how many bytes of heap a cell may seem to leave behind, as buffers that are kept for reuse come and go.
 * @property open makes one, for all its cells.
 */
internal class Subject(private val name: String, val capabilities: Set<Capability>, val mostPerCell: Long, val open: () -> Opened) {
    /** A connector with whatever it rests on, which outlives the pools. */
    class Opened(val client: HttpClient, val connector: Connector)

    override fun toString() = name

    /** What can be played with it. */
    fun cells(): List<Cell> = Fault.ALL
        .filter { capabilities.containsAll(it.needs) }
        .flatMap { fault -> fault.moments.map { Cell(fault, it) } }

    companion object {
        /** What one weighs in Ktor CIO. */
        private const val HALF_A_CONNECTION = 12_000L

        val ALL = listOf(
            Subject("wspool", Capability.values().toSet(), mostPerCell = 3_000) {
                val client = HttpClient(WebSocketsEngine) { install(WebSockets) }
                Opened(client, WebSocketsEngineConnector(client))
            },
            Subject("Ktor CIO", setOf(Ping, Backpressure, MessageBound, Utf8Check), HALF_A_CONNECTION) {
                val client = cioClient()
                Opened(client, CioConnector(client))
            },
            Subject("Ktor OkHttp", setOf(Backpressure, MessageBound, HardAbort), HALF_A_CONNECTION) {
                val client = HttpClient(OkHttp) { install(WebSockets) }
                Opened(client, OkHttpConnector(client))
            },
        )
    }
}
