package dev.wspool.test

import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.suspendCancellableCoroutine
import java.io.IOException
import java.net.Socket
import java.net.SocketTimeoutException
import java.util.concurrent.Executors

/**
 * A real WebSocket server on loopback that does what the test says, one connection and one frame at a time.
 *
 * ```
 * ScriptedPeer().use { peer ->
 *     val connecting = async { connector.connect(Endpoint(peer.url), listener) }
 *     val link = peer.accept()
 *     link.send(PeerFrame.text("hello"))
 *     link.reset()
 * }
 * ```
 * A wait for a frame that lasts longer than [patience] (milliseconds) fails, so that a connector that does nothing fails its
 * test. A call that is cancelled breaks its connection.
 */
class ScriptedPeer(private val patience: Int = 30_000) : ContractPeer {
    private val arrivals = Channel<Socket>(Channel.UNLIMITED)
    private val acceptor = Acceptor(loopbackSocket(), "scripted peer").apply { start { arrivals.trySend(it) } }

    override val url: String = "ws://127.0.0.1:${acceptor.port}/contract"

    override suspend fun accept(headers: Map<String, String>): PeerConnection = take { upgrade(headers) }

    override suspend fun acceptAndRefuse(status: Int, headers: Map<String, String>, body: String): PeerConnection = take {
        answer("$status Refused", mapOf("Content-Length" to "${body.toByteArray().size}", "Connection" to "close") + headers, body)
        socket.shutdownOutput()
    }

    override suspend fun acceptSilently(): PeerConnection = take { request }

    override fun close() {
        acceptor.close()
        arrivals.close()
    }

    private suspend fun take(begin: PeerWire.() -> Unit): PeerConnection {
        val socket = arrivals.receive()
        socket.soTimeout = patience
        socket.tcpNoDelay = true
        return socket.blocking { ScriptedConnection(PeerWire(socket).apply(begin)) }
    }
}

/**
 * Not of `Dispatchers.IO`: where its workers and those of `Dispatchers.Default` are the same threads, a task of the latter may be
 * left in the queue with all of them asleep (kotlinx.coroutines 3660); that was seen here, on two cores.
 */
private val blockingThreads = Executors.newCachedThreadPool { task -> Thread(task, "scripted peer").apply { isDaemon = true } }

/** Blocks a thread, which only a closed socket sets free. */
private suspend fun <T> Socket.blocking(action: () -> T): T = suspendCancellableCoroutine { caller ->
    caller.invokeOnCancellation { close() }
    blockingThreads.execute { caller.resumeWith(runCatching(action)) }
}

private class ScriptedConnection(private val wire: PeerWire) : PeerConnection {
    private val socket = wire.socket
    override val request: String get() = wire.request

    override suspend fun send(frame: PeerFrame): Unit = socket.blocking { wire.send(frame) }

    override suspend fun receive(): PeerFrame? = socket.blocking {
        try {
            wire.receive()
        } catch (e: SocketTimeoutException) {
            throw e // an open connection on which nothing came: not its end
        } catch (_: IOException) {
            null
        }
    }

    override suspend fun finish(): Unit = socket.blocking { socket.shutdownOutput() }

    override suspend fun reset(): Unit = socket.blocking { wire.reset() }
}
