package dev.wspool.ktor.internal

import dev.wspool.CloseInfo
import dev.wspool.ConnectionLostException
import dev.wspool.Endpoint
import dev.wspool.Handshake
import dev.wspool.Message
import dev.wspool.MessageTooBigException
import dev.wspool.transport.Connection
import dev.wspool.transport.ConnectionListener
import dev.wspool.transport.redacted
import io.ktor.websocket.Frame
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Job
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import java.net.SocketAddress

/** A session of Ktor's and the coroutine that it lives in, [life]: what is the same whatever the engine. */
internal abstract class SessionConnection(
    protected val endpoint: Endpoint,
    override val handshake: Handshake,
    protected val life: Job,
) : Connection {
    protected val gate: ReadGate = ReadGate()

    /** The Close frame of this end, once it is decided to send it. */
    @Volatile
    protected var ownClose: CloseInfo? = null
        private set

    /** How the connection ends, as soon as that is known, which is before its socket is closed. */
    @Volatile
    protected var end: CloseInfo? = null

    /** What broke the connection, where the reader saw it. */
    var cause: Throwable? = null
        private set

    /** Ktor's engines show no socket. */
    override val localAddress: SocketAddress? get() = null

    /** Ktor's engines show no socket. */
    override val remoteAddress: SocketAddress? get() = null

    /** Sends [message], and throws whatever Ktor does where the connection has ended. */
    protected abstract suspend fun write(message: Message)

    /** Returns when the frame is on its way. */
    protected abstract suspend fun write(close: Frame.Close)

    /** As [write], for a connection that ends with it in any case: it does not wait for long, and fails in silence. */
    protected abstract suspend fun writeSoon(close: Frame.Close)

    /** Reads until the connection ends. */
    protected abstract suspend fun receive(listener: ConnectionListener, maxMessageSize: Int)

    /** What the peer did wrong, where [failure] says so; null where it is something else. */
    protected open fun violation(failure: Throwable, maxMessageSize: Int): Violation? = violationOf(failure, maxMessageSize)

    override suspend fun send(message: Message): Unit = writing { write(message) }

    override suspend fun close(code: Int, reason: String) {
        val close = closeFrame(code, reason)
        if (end != null || ownClose != null) return
        ownClose = CloseInfo(code, reason)
        gate.open() // what still comes is not read any more, and the peer's Close is behind it
        try {
            write(close)
        } catch (_: Throwable) {
            // The connection has ended meanwhile, and that is what was asked for; or the caller has been cancelled.
            currentCoroutineContext().ensureActive()
        }
    }

    override fun abort(): Unit = life.cancel()

    override fun resumeReading(): Unit = gate.open()

    /** Reads until the connection ends, by itself or by a cancellation, and remembers how. */
    suspend fun read(listener: ConnectionListener, maxMessageSize: Int) {
        try {
            receive(listener, maxMessageSize)
        } catch (failure: Throwable) {
            val violation = violation(failure, maxMessageSize)
            if (violation == null && failure is CancellationException) throw failure
            cause = violation?.cause ?: endpoint.redacted(failure)
            end = violation?.info ?: return
            writeSoon(closeFrame(violation.info.code, violation.info.reason))
        }
    }

    /** How the connection has ended. Called when it has. */
    fun ended(): CloseInfo = (end ?: CloseInfo(CloseInfo.ABNORMAL)).also { end = it }

    /** Whatever Ktor throws for a connection that has ended, often a CancellationException, becomes what it is. */
    protected suspend inline fun writing(write: () -> Unit) {
        if (end != null || ownClose != null) throw lost()
        try {
            write()
        } catch (refused: MessageTooBigException) {
            throw refused // before anything of it was written
        } catch (_: Throwable) {
            currentCoroutineContext().ensureActive()
            // A writer that has failed is not always seen by the reader: end the connection, unless it ends in good order.
            if (end == null && ownClose == null) abort()
            throw lost()
        }
    }

    protected fun lost(): ConnectionLostException {
        val info = end ?: ownClose ?: CloseInfo(CloseInfo.ABNORMAL)
        return ConnectionLostException("Connection to $endpoint has ended: $info", info)
    }
}
