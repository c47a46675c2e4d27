package dev.wspool.ktor.engine.loop

import dev.wspool.ktor.engine.tls.TlsBuffers
import dev.wspool.ktor.engine.tls.TlsLayer
import dev.wspool.ktor.engine.tls.Wrapped
import dev.wspool.ktor.engine.toRead
import java.io.IOException
import java.nio.ByteBuffer
import java.nio.channels.SocketChannel

/**
 * Encrypts what a socket writes. Guarded by the lock of its [SocketOutput].
 *
 * @param onTask called where TLS cannot go on before a delegated task has run.
 */
internal class Encryption(private val layer: TlsLayer, private val buffers: TlsBuffers, private val onTask: () -> Unit) {
    /** Ciphertext that the kernel has not taken, from its position to its limit. */
    private var pending: ByteBuffer? = null

    /** How many bytes that are. */
    val unwritten: Int get() = pending?.remaining() ?: 0

    /** Writes all that [outbox] holds, and what TLS itself has to say. False where [channel] takes no more. */
    fun writeOut(outbox: Outbox, channel: SocketChannel): Boolean {
        while (writePending(channel)) {
            if (outbox.isEmpty && !layer.isWrapDue) return true
            val isMoving = if (outbox.isEmpty) wrap(NOTHING) else outbox.encryptFirst(::wrap)
            // A handshake that waits for the peer, or for a task, takes nothing from the outbox.
            if (!isMoving) return writePending(channel)
        }
        return false
    }

    /** False where wrapping on would lead nowhere for now. */
    private fun wrap(plain: ByteBuffer): Boolean {
        val cipher = buffers.take(layer.packetSize)
        pending = cipher
        val wrapped = try {
            layer.wrap(plain, cipher)
        } finally {
            cipher.toRead()
        }
        if (wrapped == Wrapped.Task) onTask()
        return cipher.hasRemaining() && wrapped != Wrapped.Task && wrapped != Wrapped.Closed
    }

    private fun writePending(channel: SocketChannel): Boolean {
        val cipher = pending ?: return true
        while (cipher.hasRemaining()) if (channel.write(cipher) == 0) return false
        buffers.give(cipher)
        pending = null
        return true
    }

    /** Says goodbye on [channel], or what went wrong, as far as that takes it at once; not where it is null. */
    fun close(channel: SocketChannel?) {
        if (channel != null && pending == null) {
            try {
                layer.closeOutbound()
                wrap(NOTHING)
                writePending(channel)
            } catch (_: IOException) {
                // The peer has gone before, or it is for a failure of TLS that the connection is being closed.
            }
        }
        pending?.let(buffers::give)
        pending = null
    }

    private companion object {
        val NOTHING: ByteBuffer = ByteBuffer.allocate(0)
    }
}
