package dev.wspool.samples.benchmarks.scale

import dev.wspool.Endpoint
import dev.wspool.WebSocketPool
import dev.wspool.ktor.webSocketPool
import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import io.ktor.client.engine.cio.endpoint
import io.ktor.client.plugins.websocket.WebSockets
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlin.time.Duration.Companion.minutes

/** Pools of one connection each, as a gateway has one for each of its tenants. Each call waits for its end. */
internal class ManyPools private constructor(private val pools: List<WebSocketPool>, private val shared: AutoCloseable?) : AutoCloseable {
    /** Has each pool dial once, and returns how many have got their connection. */
    fun open(): Int = bounded { pools.map { async { it.warmUp(1).ready } }.awaitAll().sum() }

    override fun close() {
        pools.forEach { it.close() }
        bounded { pools.forEach { it.awaitClosed() } }
        shared?.close()
    }

    companion object {
        /** @param connector `silent` for none, `shared-client` for pools on one Ktor client, `own-client` for a client in each. */
        @JvmStatic
        fun of(connector: String, count: Int, url: String): ManyPools = when (connector) {
            "silent" -> ManyPools(List(count) { WebSocketPool(SilentConnector(), Endpoint(url)) { maxConnections = 1 } }, null)
            "shared-client" -> sharing(clientFor(count), count, url)
            "own-client" -> ManyPools(List(count) { WebSocketPool(url) { maxConnections = 1 } }, null)
            else -> throw IllegalArgumentException("There is no connector $connector")
        }

        private fun sharing(client: HttpClient, count: Int, url: String) =
            ManyPools(List(count) { client.webSocketPool(url) { maxConnections = 1 } }, client)

        private fun clientFor(connections: Int) = HttpClient(CIO) {
            install(WebSockets)
            engine {
                maxConnectionsCount = connections
                endpoint { maxConnectionsPerRoute = connections }
            }
        }

        private fun <T> bounded(step: suspend CoroutineScope.() -> T): T =
            runBlocking(Dispatchers.Default) { withTimeout(2.minutes, step) }
    }
}
