package dev.wspool.test

import java.io.IOException
import java.net.Socket
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread

/** One connection through a [FaultyProxy]: two sockets, and two threads that carry what comes in one out of the other. */
internal class ProxyLink(
    private val client: Socket,
    private val server: Socket,
    private val upstream: ProxyDirection,
    private val downstream: ProxyDirection,
    private val ended: () -> Unit,
) {
    private val running = AtomicInteger(2)

    @Volatile
    var isOver = false
        private set

    fun start() {
        carry(client, server, upstream)
        carry(server, client, downstream)
    }

    private fun carry(from: Socket, to: Socket, direction: ProxyDirection) {
        thread(isDaemon = true, name = "faulty proxy") {
            try {
                direction.carry(from, to)
                to.shutdownOutput()
            } catch (_: IOException) {
                if (!isOver) reset() // one end broke, and the other must see that
            } finally {
                if (running.decrementAndGet() == 0) {
                    finish()
                    ended()
                }
            }
        }
    }

    private fun ProxyDirection.carry(from: Socket, to: Socket) {
        val buffer = ByteArray(BUFFER)
        while (true) {
            val size = from.getInputStream().read(buffer)
            val readAt = System.nanoTime()
            hold(readAt)
            if (size < 0) return
            var start = 0
            while (start < size) {
                val share = share(size - start)
                to.getOutputStream().write(buffer, start, share)
                start += share
                awaitPace(this@ProxyLink, share)
                hold(readAt)
            }
        }
    }

    /** What was held back is not passed on by the end of the link. */
    private fun ProxyDirection.hold(readAt: Long) {
        awaitDue(this@ProxyLink, readAt)
        if (isOver) throw IOException("The link is over")
    }

    /** TCP's FIN to both ends. */
    fun finish() {
        over()
        client.close()
        server.close()
    }

    /** TCP's RST to both ends: both are told before one is closed, at which the threads above wake and close the other. */
    fun reset() {
        for (socket in listOf(client, server)) {
            try {
                socket.setSoLinger(true, 0)
            } catch (_: IOException) {
                // closed already
            }
        }
        over() // not before: the threads that it wakes close the sockets, and that would be a FIN
        client.close()
        server.close()
    }

    private fun over() {
        isOver = true
        upstream.ended()
        downstream.ended()
    }

    private companion object {
        const val BUFFER = 16 * 1024
    }
}
