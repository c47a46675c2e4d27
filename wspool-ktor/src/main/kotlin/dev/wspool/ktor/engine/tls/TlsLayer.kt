package dev.wspool.ktor.engine.tls

import dev.wspool.TlsSession
import dev.wspool.ktor.engine.moveTo
import dev.wspool.ktor.engine.toRead
import java.nio.ByteBuffer
import java.security.cert.Certificate
import javax.net.ssl.SSLEngine
import javax.net.ssl.SSLEngineResult
import javax.net.ssl.SSLEngineResult.HandshakeStatus
import javax.net.ssl.SSLEngineResult.Status
import javax.net.ssl.SSLException
import javax.net.ssl.SSLPeerUnverifiedException
import javax.net.ssl.SSLSession

/**
 * TLS of one connection: bytes in, bytes out. It does no I/O, has no thread, and holds a buffer only while there is part of a
 * record, or plaintext that nobody has taken.
 *
 * Threads: [receive], [putBack] and [close] are for the loop's thread alone. [wrap] is for one thread at a time, which the connection's
 * lock sees to; it may be another than the loop's, at the same time, as the two share nothing here but volatile fields and
 * `SSLEngine` takes both at once. All else is for any thread.
 */
internal class TlsLayer(private val engine: SSLEngine, buffers: TlsBuffers) {
    private val backlog = Backlog(buffers)
    private val plaintext = Plaintext(buffers)
    private var isReceiving = false
    private var isReleased = false

    /** Records since all was wrapped that asked for an answer: at most [MOST_UNANSWERED]. */
    @Volatile
    private var unanswered = 0

    /** The first. Thrown by whichever of [receive] and [wrap] meets it. */
    @Volatile
    private var failure: SSLException? = null

    /** Once true this is always true: application data may be wrapped. */
    @Volatile
    var isEstablished = false
        private set

    /**
     * Once true this is always true: the peer has sent close_notify. Where a socket's input ends without, it is a truncation, and
     * anybody may have caused it (RFC 8446, 6.1).
     */
    @Volatile
    var isPeerDone = false
        private set

    /** From now on [isWrapDue], as the client speaks first (RFC 8446, 2). */
    fun begin(): Unit = engine.beginHandshake()

    /** How much room [wrap] needs at least. */
    val packetSize: Int get() = engine.session.packetBufferSize

    /** True where [wrap] has something to say to the peer even without plaintext. */
    val isWrapDue: Boolean get() = engine.handshakeStatus == HandshakeStatus.NEED_WRAP

    /** What the two ends have agreed on, once [isEstablished]. */
    fun session(): TlsSession = engine.session.run { TlsSession(protocol, cipherSuite, certificates()) }

    /**
     * Takes all of [cipher], in which records may begin and end anywhere, and hands their plaintext to [onPlain] in pieces, each
     * in a buffer that it may use during the call. [onPlain] takes all and returns true; or it returns false, and what it leaves
     * is kept for the next call, as is the rest of [cipher].
     *
     * @throws SSLException where the peer breaks the protocol, says that we do, or is not trusted; from then on always. The next
     *   [wrap] makes the alert that tells the peer.
     */
    fun receive(cipher: ByteBuffer, onPlain: (ByteBuffer) -> Boolean): Received {
        failure?.let { throw it }
        isReceiving = true
        try {
            return unwrapAll(cipher, onPlain)
        } catch (thrown: SSLException) {
            failure = thrown
            isReleased = true
            throw thrown
        } finally {
            isReceiving = false
            keepOrDrop(cipher)
        }
    }

    /** The next [receive] hands out [plain] first, which had been handed out before. */
    fun putBack(plain: ByteArray): Unit = plaintext.putBack(plain)

    /**
     * Makes as many records as [cipher] has room for: of what TLS itself has to say first, then of [plain], which may be empty.
     *
     * @throws SSLException where it is here that a failure comes to light, as that of a delegated task may. The next call makes
     *   the alert that tells the peer.
     */
    fun wrap(plain: ByteBuffer, cipher: ByteBuffer): Wrapped {
        while (true) {
            val result = try {
                engine.guarded { wrap(plain, cipher) }
            } catch (thrown: SSLException) {
                if (failure != null) return Wrapped.Closed // what is to be told has been thrown, and this comes of it
                failure = thrown
                throw thrown
            }
            val status = statusAfter(result)
            // Where the handshake waits for the peer plaintext is left, and another turn would leave it too.
            val isMoving = result.bytesConsumed() > 0 || result.bytesProduced() > 0
            when {
                result.status == Status.BUFFER_OVERFLOW -> return Wrapped.Full
                result.status == Status.CLOSED -> return Wrapped.Closed
                status == HandshakeStatus.NEED_TASK -> return Wrapped.Task
                isMoving && (plain.hasRemaining() || status == HandshakeStatus.NEED_WRAP) -> continue
            }
            unanswered = 0
            return Wrapped.Done
        }
    }

    /**
     * What must be run before [receive] or [wrap] go on, for milliseconds, and so not on the loop. Null where another thread has
     * it. When it has run, [wrap] and then [receive] are to be called, as its failure comes to light there.
     */
    fun delegatedTask(): Runnable? = engine.delegatedTask

    /** We are done sending, and the next [wrap] says so by close_notify. What the peer still sends can be received. */
    fun closeOutbound(): Unit = engine.closeOutbound()

    /** Gives all buffers back; nothing more is received. */
    fun close() {
        isReleased = true
        // Not from under the receiver of the plaintext, where it is that which closes: then it is done behind it.
        if (!isReceiving) release()
    }

    private fun unwrapAll(cipher: ByteBuffer, onPlain: (ByteBuffer) -> Boolean): Received {
        if (!plaintext.handOut(onPlain)) return Received.Stopped
        while (!isPeerDone && !isReleased) {
            val source = backlog.next(cipher)
            val room = plaintext.room()
            val result = engine.guarded { unwrap(source, room) }
            room.toRead()
            val status = statusAfter(result)
            isPeerDone = result.status == Status.CLOSED
            if (!plaintext.handOut(onPlain)) return Received.Stopped
            val isAtEnd = source === cipher || !cipher.hasRemaining()
            when {
                isPeerDone -> return Received.Closed
                result.status == Status.BUFFER_OVERFLOW -> plaintext.grow(engine.session.applicationBufferSize)
                status == HandshakeStatus.NEED_TASK -> return Received.Task
                status == HandshakeStatus.NEED_WRAP && !isEstablished -> return Received.Wrap
                result.status == Status.BUFFER_UNDERFLOW -> if (isAtEnd) return atEnd(status) else backlog.keep(cipher)
                // Nothing moves, whatever it asks for (NEED_UNWRAP_AGAIN): another turn would not either.
                result.bytesConsumed() == 0 -> return atEnd(status)
                status == HandshakeStatus.NEED_WRAP && result.bytesProduced() == 0 -> countUnanswered()
            }
            backlog.tidy()
        }
        return Received.Closed
    }

    private fun atEnd(status: HandshakeStatus) = if (status == HandshakeStatus.NEED_WRAP) Received.Wrap else Received.Hungry

    private fun countUnanswered() {
        unanswered++
        if (unanswered > MOST_UNANSWERED) throw SSLException("The peer asks for new keys over and over, and takes no answer")
    }

    private fun keepOrDrop(cipher: ByteBuffer) {
        if (isReleased || isPeerDone) {
            cipher.moveTo(cipher.limit())
            release()
        } else {
            backlog.tidy()
            backlog.keep(cipher)
            plaintext.tidy()
        }
    }

    private fun release() {
        plaintext.clear()
        backlog.clear()
    }

    /** `FINISHED` comes once, from wrap or from unwrap, in place of what is to be done next. */
    private fun statusAfter(result: SSLEngineResult): HandshakeStatus {
        if (result.handshakeStatus != HandshakeStatus.FINISHED) return result.handshakeStatus
        isEstablished = true
        return engine.handshakeStatus
    }

    private companion object {
        /**
         * Each is kept by the engine, with keys of its own, until the socket takes it. Reading must go on meanwhile, as a peer may
         * write before it reads; but no peer needs another key this often.
         */
        const val MOST_UNANSWERED = 64

        fun SSLSession.certificates(): List<Certificate> = try {
            peerCertificates.toList()
        } catch (_: SSLPeerUnverifiedException) {
            emptyList() // a suite without certificates
        }

        /** An engine throws what a trust manager or a key threw as it is, where that is unchecked. */
        inline fun SSLEngine.guarded(action: SSLEngine.() -> SSLEngineResult): SSLEngineResult = try {
            action()
        } catch (thrown: RuntimeException) {
            throw SSLException("The TLS engine failed", thrown)
        }
    }
}
