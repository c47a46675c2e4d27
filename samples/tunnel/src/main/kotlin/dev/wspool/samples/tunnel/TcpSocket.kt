package dev.wspool.samples.tunnel

import io.ktor.network.selector.Selectable
import io.ktor.network.sockets.Socket
import io.ktor.network.sockets.awaitClosed
import io.ktor.network.sockets.openReadChannel
import io.ktor.network.sockets.openWriteChannel
import io.ktor.utils.io.ByteReadChannel
import io.ktor.utils.io.ByteWriteChannel
import java.io.IOException
import java.net.StandardSocketOptions
import java.nio.channels.SocketChannel

/** A TCP connection that can be half-closed, closed, or reset. */
class TcpSocket(private val socket: Socket) {
    val input: ByteReadChannel = socket.openReadChannel()

    /** Closing it sends a FIN when all is written. */
    val output: ByteWriteChannel = socket.openWriteChannel()

    /** Sends what was written and then a FIN; returns when the kernel has it all. Cancelled, it is closed all the same. */
    suspend fun close() {
        socket.close()
        socket.awaitClosed()
    }

    /** Ends it so that the peer sees that something is missing: by an RST. Plain, and harmless after [close]. */
    fun reset() {
        val channel = (socket as Selectable).channel as SocketChannel
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0)
            channel.close() // first: Ktor sends a FIN before it closes
        } catch (_: IOException) {
            // it has ended already
        }
        socket.close()
    }
}
