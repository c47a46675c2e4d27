package dev.wspool.samples.benchmarks.scale

import dev.wspool.CloseInfo
import dev.wspool.Endpoint
import dev.wspool.Message
import dev.wspool.ktor.WebSocketsEngineConnector
import dev.wspool.ktor.engine.WebSocketsEngine
import dev.wspool.transport.ConnectPhase
import dev.wspool.transport.ConnectionListener
import io.ktor.client.HttpClient
import io.ktor.client.plugins.websocket.WebSockets
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.sync.Semaphore
import kotlinx.coroutines.sync.withPermit
import java.util.concurrent.atomic.AtomicLong
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes

/**
 * The clients of a [BroadcastServer], in a process of their own that ends with its standard input: as many connections to the URL as is said.
 * Each time that as many messages have come as there are clients it writes a line.
 */
internal object BroadcastClients {
    @JvmStatic
    fun main(arguments: Array<String>) {
        val (url, count) = arguments
        val clients = Clients(count.toInt())
        runBlocking(Dispatchers.Default) { clients.connect(Endpoint(url)) }
        while (System.`in`.read() >= 0) continue
        Runtime.getRuntime().halt(0)
    }

    private class Clients(private val count: Int) : ConnectionListener {
        private val received = AtomicLong()
        override val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
        override val connectTimeout: Duration = 1.minutes

        suspend fun connect(endpoint: Endpoint) {
            val connector = WebSocketsEngineConnector(HttpClient(WebSocketsEngine) { install(WebSockets) })
            val turns = Semaphore(AT_ONCE)
            List(count) { scope.launch { turns.withPermit { connector.connect(endpoint, this@Clients) } } }.forEach { it.join() }
        }

        override fun onMessage(message: Message): Boolean {
            if (received.incrementAndGet() % count == 0L) println("all")
            return true
        }

        override fun onPhase(phase: ConnectPhase) = Unit

        override fun onPong(payload: ByteArray) = Unit

        override fun onClosed(info: CloseInfo, cause: Throwable?) = Unit
    }

    private const val AT_ONCE = 16
}
