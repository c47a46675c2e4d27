package dev.wspool.ktor.engine.loop

import dev.wspool.ktor.engine.tls.Received
import dev.wspool.ktor.engine.tls.TlsLayer
import java.nio.ByteBuffer
import java.util.concurrent.Executor

/**
 * Drives the TLS of one socket: decrypts what it reads, and has done what TLS needs between. On the loop's thread.
 *
 * @param tasks where what TLS computes for long is run.
 * @param onPlain takes plaintext, as [SocketReader.onBytes] does.
 */
internal class Security(
    val layer: TlsLayer,
    private val socket: NioSocket,
    private val loop: EventLoop,
    private val tasks: Executor,
    private val onPlain: (ByteBuffer) -> Boolean,
) {
    /**
     * Takes all of [cipher]. What it returns other than [Received.Hungry] says why nothing more is to be read for now.
     *
     * @throws javax.net.ssl.SSLException where TLS has failed.
     */
    fun receive(cipher: ByteBuffer): Received {
        var bytes = cipher
        while (true) {
            val received = layer.receive(bytes, onPlain)
            if (received == Received.Task) runTask()
            if (received == Received.Closed) socket.closeSoon(null)
            if (received != Received.Wrap) return received
            socket.flush()
            // The kernel takes nothing. When it does a handshake goes on; else what is due goes out then, and reading need not wait.
            if (layer.isWrapDue) return if (layer.isEstablished) Received.Hungry else received
            bytes = NOTHING
        }
    }

    /** From any thread. What the task has brought about comes to light in what follows. */
    fun runTask() {
        val task = layer.delegatedTask() ?: return // another has it, and goes on when it is done
        tasks.execute {
            task.run()
            loop.execute(socket::goOn)
        }
    }

    companion object {
        val NOTHING: ByteBuffer = ByteBuffer.allocate(0)
    }
}
