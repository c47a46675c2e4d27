package dev.wspool.samples.tunnel

import io.ktor.network.selector.Selectable
import io.ktor.network.sockets.Socket
import io.ktor.network.sockets.awaitClosed
import io.ktor.network.sockets.openReadChannel
import io.ktor.network.sockets.openWriteChannel
import io.ktor.utils.io.ByteReadChannel
import io.ktor.utils.io.ByteWriteChannel
import io.ktor.utils.io.readAvailable
import io.ktor.utils.io.writeFully
import java.io.IOException
import java.net.StandardSocketOptions
import java.nio.channels.SocketChannel

/** A TCP connection that can be half-closed, closed, or reset. */
class TcpSocket(private val socket: Socket) {
    val input: ByteReadChannel = socket.openReadChannel()

    /** Closing it sends a FIN when all is written. */
    val output: ByteWriteChannel = socket.openWriteChannel()

    /**
     * Fills [bytes] as far as it can and returns how many there are, or a negative number at the FIN.
     *
     * @throws IOException where it was reset: Ktor's `readAvailable` takes a reset that came before it was called for the end.
     */
    suspend fun read(bytes: ByteArray): Int {
        val count = input.readAvailable(bytes)
        if (count < 0) input.closedCause?.let { throw it }
        return count
    }

    /** Sends back what it gets, up to the FIN, and closes. @throws IOException as [read] does. */
    suspend fun echo() {
        val bytes = ByteArray(BLOCK)
        while (true) {
            val count = read(bytes)
            if (count < 0) return close()
            output.writeFully(bytes, 0, count)
            output.flush()
        }
    }

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

    private companion object {
        const val BLOCK = 16 * 1024
    }
}
