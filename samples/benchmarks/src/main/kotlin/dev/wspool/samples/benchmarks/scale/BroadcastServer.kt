package dev.wspool.samples.benchmarks.scale

import dev.wspool.AcceptedPool
import dev.wspool.BroadcastReport
import dev.wspool.broadcast
import dev.wspool.ktor.server.webSocketPool
import io.ktor.server.cio.CIO
import io.ktor.server.engine.embeddedServer
import io.ktor.server.routing.routing
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes

/** A Ktor server whose pool takes in [clients] connections, and sends to all of them at once. */
internal class BroadcastServer(val clients: Int) : AutoCloseable {
    private val pool = AcceptedPool {
        maxConnections = clients
        pingInterval = Duration.INFINITE // what pings cost is another benchmark's
    }
    private val server = embeddedServer(CIO, port = 0, host = "127.0.0.1") { routing { webSocketPool("/clients", pool) } }.start()

    val url: String = "ws://127.0.0.1:${runBlocking { server.engine.resolvedConnectors().first().port }}/clients"

    /** Returns when all clients are there. */
    fun awaitClients(): Unit = runBlocking { withTimeout(STEP) { pool.warmUp(clients) } }

    fun broadcast(text: String): BroadcastReport = pool.broadcast(text)

    override fun close() {
        pool.close()
        runBlocking { withTimeout(STEP) { pool.awaitClosed() } }
        server.stop(0, 0)
    }

    private companion object {
        val STEP = 2.minutes
    }
}
