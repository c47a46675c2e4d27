package dev.wspool.ktor.internal

import dev.wspool.CloseInfo
import dev.wspool.ConnectionLostException
import dev.wspool.Endpoint
import dev.wspool.Handshake
import dev.wspool.Message
import dev.wspool.transport.Capability
import dev.wspool.transport.Connection
import dev.wspool.transport.ConnectionListener
import dev.wspool.transport.PerMessageDeflate
import dev.wspool.transport.redacted
import io.ktor.client.plugins.websocket.ClientWebSocketSession
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Job
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.withTimeoutOrNull
import java.net.SocketAddress
import kotlin.time.Duration.Companion.milliseconds

/**
 * A raw session and the coroutine that it lives in, [life].
 *
 * [Capability.HardAbort] is not declared: with more unsent bytes than the kernel takes, CIO keeps the socket after an abort
 * until the peer reads on or is gone, and cancelling harder changes nothing.
 */
internal class CioConnection(
    private val endpoint: Endpoint,
    private val session: ClientWebSocketSession,
    override val handshake: Handshake,
    private val life: Job,
    private val frames: FrameSettings,
    private val deflate: PerMessageDeflate?,
) : Connection {
    private val writer = FrameWriter(session, frames.maxBytesInFlight, deflate, ::abort)
    private val gate = ReadGate()

    /** The Close frame of this end, once it is decided to send it. */
    @Volatile
    private var ownClose: CloseInfo? = null

    /** How the connection ends, as soon as that is known, which is before its socket is closed. */
    @Volatile
    private var end: CloseInfo? = null

    private val reading = Job()

    /** What broke the connection, where the reader saw it. */
    var cause: Throwable? = null
        private set

    /** Whether the peer has ended the connection; a socket that is closed at the other end closes at this one too. */
    @Volatile
    private var isOver = false

    /**
     * True where nobody can tell whether its socket is closed: this end gave it up, and more was sent than the kernel is sure
     * to have taken, so that CIO's writer may be stuck and keep the socket open.
     */
    val mayHoldItsSocket: Boolean get() = !isOver && writer.unanswered > SURELY_TAKEN

    override val capabilities: Set<Capability> get() = CAPABILITIES

    /** CIO shows no socket. */
    override val localAddress: SocketAddress? get() = null

    /** CIO shows no socket. */
    override val remoteAddress: SocketAddress? get() = null

    override suspend fun send(message: Message): Unit = writing { writer.send(message) }

    override suspend fun ping(payload: ByteArray) {
        require(payload.size <= MAX_CONTROL_PAYLOAD) { "A ping holds at most $MAX_CONTROL_PAYLOAD bytes, not ${payload.size}" }
        writing { writer.ping(payload) }
    }

    override suspend fun close(code: Int, reason: String) {
        val close = closeFrame(code, reason)
        if (end != null || ownClose != null) return
        ownClose = CloseInfo(code, reason)
        gate.open() // what still comes is not read any more, and the peer's Close is behind it
        try {
            writer.close(close)
        } catch (_: Throwable) {
            // The connection has ended meanwhile, and that is what was asked for; or the caller has been cancelled.
            currentCoroutineContext().ensureActive()
        }
    }

    override fun abort(): Unit = life.cancel()

    override fun resumeReading(): Unit = gate.open()

    /** Reads until the connection ends, by itself or by a cancellation, and remembers how. */
    suspend fun read(listener: ConnectionListener) {
        val messages = MessageAssembler(frames.maxMessageSize, deflate)
        try {
            for (frame in session.incoming) {
                when (val event = messages.read(frame)) {
                    is FrameEvent.Whole -> if (ownClose == null && !listener.onMessage(event.message)) gate.pass()
                    is FrameEvent.Ping -> writer.pong(event.payload)
                    is FrameEvent.Pong -> {
                        writer.answered(event.payload)
                        listener.onPong(event.payload)
                    }
                    is FrameEvent.Close -> return closedByPeer(event)
                    null -> Unit
                }
            }
            isOver = true
        } catch (cancelled: CancellationException) {
            throw cancelled
        } catch (failure: Throwable) {
            failed(failure)
        } finally {
            ended() // from now on sends fail, though Ktor would take them until its writer is through
            reading.complete()
        }
    }

    private suspend fun failed(failure: Throwable) {
        val violation = violationOf(failure, frames.maxMessageSize)
        cause = violation?.cause ?: endpoint.redacted(failure)
        end = violation?.info ?: return
        writer.closeSoon(closeFrame(violation.info.code, violation.info.reason))
    }

    /** Its native memory is freed when the reader has left. */
    fun freeCompression() {
        deflate?.close()
    }

    /** How the connection has ended. Called when it has. */
    fun ended(): CloseInfo = (end ?: CloseInfo(CloseInfo.ABNORMAL)).also { end = it }

    private suspend fun closedByPeer(close: FrameEvent.Close) {
        isOver = true
        end = close.info
        if (ownClose == null) writer.closeSoon(close.reply)
    }

    /** Whatever Ktor throws for a connection that has ended, often a CancellationException, becomes what it is. */
    private suspend inline fun writing(write: () -> Unit) {
        if (end != null || ownClose != null) throw lost()
        try {
            write()
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
    private suspend fun awaitReader() {
        try {
            withTimeoutOrNull(READER_TIME) { reading.join() }
        } finally {
            if (end == null) abort()
        }
    }

    private fun lost(): ConnectionLostException {
        val info = end ?: ownClose ?: CloseInfo(CloseInfo.ABNORMAL)
        return ConnectionLostException("Connection to $endpoint has ended: $info", info)
    }

    private companion object {
        /** 16 KiB: Linux's smallest send buffer at the start of a connection (tcp_wmem); those of other systems are larger. */
        const val SURELY_TAKEN = 16 * 1024

        /** How long the reader may take to say why a writer has failed. */
        val READER_TIME = 100.milliseconds

        val CAPABILITIES = setOf(Capability.Ping, Capability.Backpressure, Capability.MessageBound, Capability.Utf8Check)
    }
}
