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
import kotlinx.coroutines.withTimeoutOrNull
import java.net.SocketAddress
import kotlin.time.Duration.Companion.milliseconds

/** A session of Ktor's and the coroutine that it lives in, [life]: what is the same whatever the engine. */
internal abstract class SessionConnection(
    protected val endpoint: Endpoint,
    override val handshake: Handshake,
    protected val life: Job,
    protected val frames: FrameSettings,
) : Connection {
    protected val gate: ReadGate = ReadGate()

    /** The Close frame of this end, once it is decided to send it. */
    @Volatile
    protected var ownClose: CloseInfo? = null
        private set

    /** How the connection ends, as soon as that is known, which is before its socket is closed. */
    @Volatile
    protected var end: CloseInfo? = null

    /** Whether the connection is known to have ended other than by [abort]: then its socket closes with it. */
    @Volatile
    protected var isOver: Boolean = false

    /** Ends with the reader. */
    private val reading = Job()

    /** What broke the connection, where the reader saw it. Written before [end]. */
    @Volatile
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
    protected abstract suspend fun receive(listener: ConnectionListener)

    /** What the peer did wrong, where [failure] says so; null where it is something else. */
    protected open fun violation(failure: Throwable): Violation? = violationOf(failure, frames.maxMessageSize)

    override suspend fun send(message: Message): Unit = writing { write(message) }

    override suspend fun close(code: Int, reason: String) {
        val close = Frame.Close(closePayload(code, reason))
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

    /** The call is over. Where nobody here has asked for that, it is as its socket has ended. */
    fun callEnded() {
        if (!life.isCancelled) isOver = true
        life.cancel()
    }

    override fun resumeReading(): Unit = gate.open()

    /** Reads until the connection ends, by itself or by a cancellation, and remembers how. */
    suspend fun read(listener: ConnectionListener) {
        try {
            receive(listener)
        } catch (failure: Throwable) {
            val violation = violation(failure)
            if (violation == null && failure is CancellationException) throw failure
            cause = violation?.cause ?: endpoint.redacted(failure)
            end = violation?.info ?: return
            writeSoon(Frame.Close(closePayload(violation.info.code, violation.info.reason)))
        } finally {
            ended() // from now on sends fail, though Ktor would take them until its writer is through
            reading.complete()
        }
    }

    /** How the connection has ended. Called when it has. */
    fun ended(): CloseInfo = (end ?: CloseInfo(CloseInfo.ABNORMAL)).also { end = it }

    /** Whatever Ktor throws for a connection that has ended, often a CancellationException, becomes what it is. */
    protected suspend inline fun writing(write: () -> Unit) {
        if (end != null || ownClose != null) throw lost()
        try {
            write()
            if (life.isCancelled) throw lost() // aborted meanwhile: what Ktor has taken may never have gone out
        } catch (refused: MessageTooBigException) {
            throw refused // before anything of it was written
        } catch (_: Throwable) {
            currentCoroutineContext().ensureActive()
            if (ownClose == null) awaitReader()
            throw lost()
        }
    }

    /**
     * Ktor ends the writer before the reader where it ends a connection for what the peer has sent, and the reader alone knows
     * what that was. A writer that has failed by itself, though, is not always seen by the reader: then the connection is ended.
     */
    protected suspend fun awaitReader() {
        try {
            withTimeoutOrNull(READER_TIME) { reading.join() }
        } finally {
            if (end == null) {
                isOver = true
                life.cancel()
            }
        }
    }

    protected fun lost(): ConnectionLostException {
        val info = end ?: ownClose ?: CloseInfo(CloseInfo.ABNORMAL)
        // With the cause, so that a sender who is told before the pool is reads no less than everyone after him.
        return ConnectionLostException("Connection to $endpoint has ended: $info", info, cause)
    }

    private companion object {
        /** How long the reader may take to say why a writer has failed. */
        val READER_TIME = 100.milliseconds
    }
}
