package dev.wspool.samples.dashboard

import io.ktor.network.selector.SelectorManager
import io.ktor.network.sockets.InetSocketAddress
import io.ktor.network.sockets.Socket
import io.ktor.network.sockets.aSocket
import io.ktor.network.sockets.openReadChannel
import io.ktor.network.sockets.openWriteChannel
import io.ktor.network.sockets.port
import io.ktor.utils.io.ByteReadChannel
import io.ktor.utils.io.ByteWriteChannel
import io.ktor.utils.io.readAvailable
import io.ktor.utils.io.writeFully
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.supervisorScope
import java.io.IOException

/** The way to the upstream: a TCP relay, whose port is always the same. It can lose what it carries, and nobody is told. */
class Relay : AutoCloseable {
    private val selector = SelectorManager(Dispatchers.IO)
    private val scope = CoroutineScope(Dispatchers.IO + Job())
    private var listening: Job? = null

    /** Zero until it has listened once. */
    var port = 0
        private set

    /**
     * True while it takes connections and bytes, and passes nothing on, either way: what is called half-open, as neither end is told. A
     * connection that has lost bytes is lost for good, as behind a router that has forgotten it; a new one is not.
     */
    @Volatile
    var isHalfOpen = false

    /** Carries connections to [target], a port of this machine, until [cut]. */
    suspend fun listen(target: Int) {
        val socket = aSocket(selector).tcp().bind("127.0.0.1", port) { reuseAddress = true }
        port = socket.localAddress.port()
        listening = scope.launch {
            socket.use {
                supervisorScope {
                    while (true) {
                        val client = socket.accept()
                        launch { client.use { link(client, target) } }
                    }
                }
            }
        }
    }

    /** Ends all connections, and refuses new ones. */
    suspend fun cut() {
        listening?.cancelAndJoin()
    }

    private suspend fun link(client: Socket, target: Int) {
        try {
            aSocket(selector).tcp().connect(InetSocketAddress("127.0.0.1", target)).use { server ->
                coroutineScope {
                    val link = Link()
                    // Where one end is done, so is the other: both sockets are closed.
                    val there = launch { link.carry(client.openReadChannel(), server.openWriteChannel(autoFlush = true)) }
                    val back = launch { link.carry(server.openReadChannel(), client.openWriteChannel(autoFlush = true)) }
                    there.invokeOnCompletion { back.cancel() }
                    back.invokeOnCompletion { there.cancel() }
                }
            }
        } catch (_: IOException) {
            // One end broke; the other one's socket is closed with it.
        }
    }

    /** One connection through the relay. */
    private inner class Link {
        @Volatile
        private var hasLost = false

        suspend fun carry(from: ByteReadChannel, to: ByteWriteChannel) {
            val buffer = ByteArray(BUFFER)
            while (true) {
                val count = from.readAvailable(buffer)
                if (count < 0) return
                if (isHalfOpen) hasLost = true
                if (!hasLost) to.writeFully(buffer, 0, count)
            }
        }
    }

    override fun close() {
        scope.coroutineContext[Job]?.cancel()
        selector.close()
    }

    private companion object {
        const val BUFFER = 8 * 1024
    }
}
