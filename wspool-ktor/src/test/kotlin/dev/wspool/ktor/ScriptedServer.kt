package dev.wspool.ktor

import dev.wspool.test.PeerFrame
import dev.wspool.test.PeerWire
import java.io.IOException
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.TimeUnit
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.thread
import kotlin.concurrent.withLock
import kotlin.test.assertTrue

/**
 * A server on plain sockets that plays [script] on each connection, on a thread of its own, and does nothing else: it can
 * be silent, wrong, deaf or rude, as a WebSocket library cannot.
 */
internal class ScriptedServer(
    private val server: ServerSocket = plainSocket(),
    private val scheme: String = "ws",
    private val script: PeerWire.() -> Unit,
) : AutoCloseable {
    private val sockets = CopyOnWriteArrayList<Socket>()
    private val failures = CopyOnWriteArrayList<Throwable>()
    private val lock = ReentrantLock()
    private val changed = lock.newCondition()
    private var open = 0

    val port: Int get() = server.localPort

    val url: String get() = "$scheme://127.0.0.1:$port/path"

    init {
        thread(isDaemon = true, name = "scripted server") {
            try {
                while (true) play(server.accept())
            } catch (_: IOException) {
                // closed
            }
        }
    }

    private fun play(socket: Socket) {
        sockets += socket
        count(1)
        thread(isDaemon = true, name = "scripted peer") {
            try {
                socket.use { PeerWire(it).script() }
            } catch (_: IOException) {
                // The client is gone, or the test is over.
            } catch (failure: Throwable) {
                failures += failure
            } finally {
                count(-1)
            }
        }
    }

    private fun count(change: Int) = lock.withLock {
        open += change
        changed.signalAll()
    }

    /** Waits until every script has come to its end, which, for one that ends with [PeerWire.awaitEnd], is that of the socket. */
    fun awaitNoneOpen() = awaitOpen(0)

    /** Waits until [number] scripts are being played. */
    fun awaitOpen(number: Int) = lock.withLock {
        var nanos = TimeUnit.SECONDS.toNanos(PATIENCE)
        while (open != number && nanos > 0) nanos = changed.awaitNanos(nanos)
        assertTrue(open == number, "$open sockets are open, not $number")
    }

    /** Ends all connections; throws what a script has thrown, be it that the client broke the protocol. */
    override fun close() {
        server.close()
        sockets.forEach { it.close() }
        failures.firstOrNull()?.let { throw it }
    }

    companion object {
        private const val PATIENCE = 20L

        /** What a server does for a test that is about the client alone. */
        val upgradeAndListen: PeerWire.() -> Unit = {
            upgrade()
            awaitEnd()
        }

        fun plainSocket() = ServerSocket(0, 500, InetAddress.getLoopbackAddress())
    }
}

internal fun PeerWire.text(text: String) = send(PeerFrame.text(text))

/** The next frame with [opcode], others being passed over. */
internal fun PeerWire.receive(opcode: Int): PeerFrame {
    while (true) {
        val frame = receive()
        if (frame.opcode == opcode) return frame
    }
}

/** The frames that come until the connection ends. */
internal fun PeerWire.frames(): Sequence<PeerFrame> = generateSequence {
    try {
        receive()
    } catch (_: IOException) {
        null
    }
}
