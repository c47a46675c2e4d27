package dev.wspool.samples.tunnel

import dev.wspool.Endpoint
import dev.wspool.PoolStats
import io.ktor.network.selector.ClosedChannelCancellationException
import io.ktor.network.selector.SelectorManager
import io.ktor.network.sockets.ServerSocket
import io.ktor.network.sockets.Socket
import io.ktor.network.sockets.aSocket
import io.ktor.network.sockets.port
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.supervisorScope
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import java.io.IOException
import java.nio.channels.ClosedChannelException
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.test.assertEquals
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** Both ends of a tunnel, and the service behind it, on loopback. */
class Ends(
    private val scope: CoroutineScope,
    private val selector: SelectorManager,
    private val connections: Int,
    private val maxConnections: Int,
    private val timeout: Duration,
) {
    private lateinit var listener: ServerSocket
    private lateinit var serving: Job
    private var servicePort = 0
    private val said = ConcurrentLinkedQueue<String>()

    lateinit var server: TunnelServer
        private set
    lateinit var client: TunnelClient
        private set
    val messages: List<String> get() = said.toList()

    suspend fun startService(serve: suspend (TcpSocket) -> Unit) {
        listener = aSocket(selector).tcp().bind(LOOPBACK.socketAddress) { backlogSize = 1_024 }
        servicePort = listener.port
        serving = scope.launch {
            supervisorScope {
                while (true) {
                    val socket = accept() ?: break
                    launch { serve(TcpSocket(socket)) }
                }
            }
        }
    }

    private suspend fun accept(): Socket? = try {
        listener.accept()
    } catch (_: ClosedChannelException) {
        null
    } catch (_: ClosedChannelCancellationException) { // Ktor's, where it was waiting; nobody is cancelled
        null
    }

    /** What it serves is served to its end, and nobody listens any more: the kernel does until the selector has let go. */
    suspend fun stopService() {
        listener.close()
        serving.join()
        while (isListening()) yield()
    }

    private fun isListening(): Boolean = try {
        java.net.Socket(LOOPBACK.host, servicePort).close()
        true
    } catch (_: IOException) {
        false
    }

    /** Again on the ports of before. */
    suspend fun startServer(token: String? = null) {
        val (tunnelPort, port) = if (::server.isInitialized) server.tunnelPort to server.port else 0 to 0
        server = TunnelServer(maxConnections, token, timeout) { said += it }
        server.start(Address(LOOPBACK.host, tunnelPort), Address(LOOPBACK.host, port))
    }

    fun startClient(token: String? = null) {
        val endpoint = Endpoint("ws://127.0.0.1:${server.tunnelPort}/", tokenHeader(token))
        client = TunnelClient(endpoint, Address(LOOPBACK.host, servicePort), connections, maxConnections, timeout) { said += it }
    }

    suspend fun connect(): TcpSocket = TcpSocket(aSocket(selector).tcp().connect(Address(LOOPBACK.host, server.port).socketAddress))

    /** Everything has ended, and nothing was lost on the way. */
    suspend fun drain() {
        server.drain(10.seconds)
        client.drain(10.seconds)
        for (stats in listOf(server.pool.stats, client.pool.stats)) stats.assertNothingStranded()
    }

    suspend fun stop() {
        if (::client.isInitialized) client.stop()
        if (::server.isInitialized) server.stop()
        stopService()
    }

    companion object {
        private val LOOPBACK = Address("127.0.0.1", 0)

        /** Every connection that was is gone, and none is still to come. */
        fun PoolStats.assertNothingStranded() {
            assertEquals(0, total, "$this")
            assertEquals(created, destroyed.values.sum(), "$this")
        }

        /** Sends back what it gets; resets what breaks. */
        suspend fun echo(socket: TcpSocket) = try {
            socket.echo()
        } catch (_: IOException) {
            socket.reset()
        }

        /** Runs [rule] between the ends of a tunnel, within a minute. */
        fun tunnel(
            service: suspend (TcpSocket) -> Unit = ::echo,
            connections: Int = 1,
            maxConnections: Int = 10,
            timeout: Duration = 20.seconds,
            rule: suspend CoroutineScope.(Ends) -> Unit,
        ) = runBlocking(Dispatchers.Default) {
            withTimeout(60.seconds) {
                SelectorManager(Dispatchers.IO).use { selector ->
                    coroutineScope {
                        val ends = Ends(this, selector, connections, maxConnections, timeout)
                        try {
                            ends.startService(service)
                            ends.startServer()
                            ends.startClient()
                            rule(ends)
                        } finally {
                            ends.stop()
                        }
                    }
                }
            }
        }
    }
}
