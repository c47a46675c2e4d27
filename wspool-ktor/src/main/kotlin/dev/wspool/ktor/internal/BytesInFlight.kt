package dev.wspool.ktor.internal

import kotlinx.coroutines.channels.Channel

/** Counts what is on its way to the socket. One waits at a time. */
internal class BytesInFlight {
    private val left = Channel<Unit>(Channel.CONFLATED)

    @Volatile
    private var count = 0L

    fun add(bytes: Long): Unit = synchronized(this) { count += bytes }

    /**
     * So many bytes have reached the kernel. Those of control frames that the engine sends by itself, such as pongs, count
     * too, though nobody has added them: they make the count too small for as long as it is above zero, never below.
     */
    fun written(bytes: Long) {
        synchronized(this) { count = (count - bytes).coerceAtLeast(0) }
        left.trySend(Unit)
    }

    /** @throws kotlinx.coroutines.channels.ClosedReceiveChannelException where the connection ends first. */
    suspend fun awaitAtMost(bytes: Long) {
        while (count > bytes) left.receive()
    }

    fun end() {
        left.close()
    }
}
