package dev.wspool.ktor.engine.tls

import java.io.ByteArrayOutputStream
import java.nio.ByteBuffer
import javax.net.ssl.SSLEngine
import javax.net.ssl.SSLEngineResult.HandshakeStatus
import javax.net.ssl.SSLEngineResult.Status

/** The other end: an engine in server mode, driven in the plainest way, with buffers that are never too small. */
internal class TlsServer(val engine: SSLEngine) {
    private val cipher = ByteBuffer.allocate(ROOM)
    private val plain = ByteBuffer.allocate(ROOM)
    private val said = ByteBuffer.allocate(ROOM)
    private val taken = ByteArrayOutputStream()

    /** True where the client has sent close_notify. */
    var isClientDone = false
        private set

    /** All plaintext that has come. */
    val received: ByteArray get() = taken.toByteArray()

    /** Takes [bytes] and says what TLS has to say to that. */
    fun answer(bytes: ByteArray): ByteArray {
        cipher.put(bytes)
        do {
            runTasks()
            val hasSaid = wrap(EMPTY)
        } while (hasSaid or unwrap())
        return flush()
    }

    /** As many records as [bytes] need. */
    fun say(bytes: ByteArray): ByteArray {
        val source = ByteBuffer.wrap(bytes)
        while (source.hasRemaining()) check(wrap(source)) { "the server cannot speak: ${engine.handshakeStatus}" }
        return flush()
    }

    /** Asks for new keys of both directions (RFC 8446, 4.6.3); that the JDK's engine does so is in its KeyUpdate.java. */
    fun updateKeys(): ByteArray {
        engine.beginHandshake()
        return answer(ByteArray(0))
    }

    fun closeNotify(): ByteArray {
        engine.closeOutbound()
        return answer(ByteArray(0))
    }

    private fun runTasks() = generateSequence { engine.delegatedTask }.forEach(Runnable::run)

    private fun wrap(source: ByteBuffer): Boolean = engine.wrap(source, said).bytesProduced() > 0

    private fun unwrap(): Boolean {
        if (engine.handshakeStatus == HandshakeStatus.NEED_TASK) return true
        cipher.flip()
        val result = engine.unwrap(cipher, plain)
        cipher.compact()
        if (result.status == Status.CLOSED) isClientDone = true
        taken.write(plain.array(), 0, plain.position())
        plain.clear()
        return result.bytesConsumed() > 0
    }

    private fun flush(): ByteArray = said.array().copyOf(said.position()).also { said.clear() }

    companion object {
        private const val ROOM = 512 shl 10
        val EMPTY: ByteBuffer get() = ByteBuffer.allocate(0)
    }
}
