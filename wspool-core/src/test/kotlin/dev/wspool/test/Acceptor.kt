package dev.wspool.test

import java.io.IOException
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.ConcurrentHashMap
import kotlin.concurrent.thread

/** A listening socket on loopback, and a thread that hands what it accepts to its owner; what has been accepted ends with it. */
internal class Acceptor(private val server: ServerSocket, private val name: String) : AutoCloseable {
    private val sockets = ConcurrentHashMap.newKeySet<Socket>()

    val port: Int = server.localPort // remembered, as one that listens no more has none

    private var thread: Thread? = null

    /** Not before the owner is whole: clients may know the port already. */
    fun start(serve: (Socket) -> Unit) {
        thread = thread(isDaemon = true, name = "$name $port") {
            try {
                while (true) {
                    val socket = server.accept()
                    sockets += socket
                    if (server.isClosed) socket.close() else serve(socket) // it may come while all are being closed
                }
            } catch (_: IOException) {
                // closed
            }
        }
    }

    /** [socket] is closed. */
    fun forget(socket: Socket) {
        sockets -= socket
    }

    /** Listens no more; what has been accepted goes on. */
    fun stopListening() {
        server.close()
        thread?.join() // the kernel goes on accepting as long as a thread is in accept()
    }

    override fun close() {
        stopListening()
        sockets.forEach { it.close() }
    }
}

/** A listening socket on loopback, at a port that nobody else has. */
internal fun loopbackSocket(): ServerSocket = ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress())

internal const val BACKLOG = 500
