package dev.wspool.ktor.engine.session

import dev.wspool.CloseInfo
import dev.wspool.ktor.engine.codec.FrameBounds
import dev.wspool.ktor.engine.codec.FrameDecoder
import dev.wspool.ktor.engine.codec.FrameSink
import dev.wspool.ktor.engine.dial.Upgraded
import dev.wspool.ktor.engine.loop.SocketReader
import dev.wspool.ktor.engine.moveTo
import dev.wspool.ktor.internal.PARTING_TIME
import dev.wspool.ktor.internal.Violation
import dev.wspool.ktor.internal.readClose
import io.ktor.client.plugins.websocket.WebSockets
import io.ktor.utils.io.InternalAPI
import io.ktor.websocket.CloseReason
import io.ktor.websocket.Frame
import io.ktor.websocket.FrameTooBigException
import io.ktor.websocket.FrameType
import io.ktor.websocket.ProtocolViolationException
import io.ktor.websocket.WebSocketExtension
import io.ktor.websocket.WebSocketSession
import io.ktor.websocket.from
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.ClosedSendChannelException
import kotlinx.coroutines.channels.ReceiveChannel
import kotlinx.coroutines.channels.SendChannel
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import java.nio.ByteBuffer
import kotlin.coroutines.CoroutineContext

/**
 * A raw session of Ktor's on a socket of ours: frames in, frames out, and whoever has it answers pings and closes. Ktor's own
 * default session does that on top of it.
 *
 * It ends with its call: a call that ends well lets what is written go out, one that is cancelled aborts the socket.
 *
 * @param isExtended whether the server has agreed on extensions: what RSV1 means is their business, and else it means nothing.
 * @param timeout how long the peer may be silent, or null for any time.
 */
@OptIn(InternalAPI::class) // channelsConfig and Channel.from: the user's choice of queues, as the client's plugin has it
internal class LinkSession(
    upgraded: Upgraded,
    callContext: CoroutineContext,
    plugin: WebSockets,
    maxBytesInFlight: Int,
    private val isExtended: Boolean,
    private val timeout: ReadTimeout?,
) : WebSocketSession,
    SocketReader,
    FrameSink {
    private val socket = upgraded.socket
    private val call = callContext.job

    /** Not a child of the call's: that would wait for it. */
    private val job = Job()
    override val coroutineContext: CoroutineContext = callContext + job + CoroutineName("wspool-session")

    private val received = Channel.from<Frame>(plugin.channelsConfig.incoming)
    private val writer = SessionWriter(socket, Channel.from(plugin.channelsConfig.outgoing), maxBytesInFlight)

    /** With the plugin's bound at once, as the plugin sets it when frames may have come already. */
    private val decoder = FrameDecoder(this, boundsOf(plugin.maxFrameSize), boundsFrames = true)
    private val watching: Job?
    private var hasEnded = false // nothing that comes is of interest

    override val incoming: ReceiveChannel<Frame> get() = received
    override val outgoing: SendChannel<Frame> get() = writer.queue
    override val extensions: List<WebSocketExtension<*>> get() = emptyList()

    override var maxFrameSize: Long
        get() = decoder.bounds.message.toLong()
        set(value) {
            decoder.bounds = boundsOf(value)
        }

    private fun boundsOf(maxFrameSize: Long): FrameBounds {
        val size = maxFrameSize.coerceIn(0, FrameBounds.LARGEST.toLong()).toInt()
        return FrameBounds(size, compressedMessage = if (isExtended) size else null)
    }

    /** A client always masks (RFC 6455, 5.1), whatever is set. */
    override var masking: Boolean = true

    init {
        launch(Dispatchers.Unconfined) { writer.run() }
        watching = timeout?.let { launch { watch(it) } }
        call.invokeOnCompletion { failure -> if (failure == null) finish() else socket.abort() }
        job.invokeOnCompletion { failure -> if (failure != null) socket.abort() }
        socket.readWith(this, upgraded.firstBytes)
        socket.resumeReading()
    }

    override suspend fun flush(): Unit = writer.flush()

    @Deprecated("Use cancel() instead.", level = DeprecationLevel.ERROR)
    override fun terminate(): Unit = socket.abort()

    /** All that is in the queue goes out first, if the peer takes it in time. */
    private fun finish() {
        launch(Dispatchers.Unconfined) {
            withTimeoutOrNull(PARTING_TIME) { writer.flush() }
            socket.closeSoon(null)
        }
    }

    private suspend fun watch(timeout: ReadTimeout) {
        timeout.await()
        received.close(timeout.failure())
        socket.abort()
    }

    override fun onBytes(bytes: ByteBuffer): Boolean {
        timeout?.onHeard()
        if (!hasEnded) {
            try {
                return decoder.decode(bytes)
            } catch (violation: Violation) {
                refuse(violation)
            }
        }
        bytes.moveTo(bytes.limit())
        return true
    }

    override fun onData(payload: ByteArray, isText: Boolean, isFirst: Boolean, isFinal: Boolean, isCompressed: Boolean): Boolean {
        val type = if (isText) FrameType.TEXT else FrameType.BINARY
        return hand(Frame.byType(isFinal, type, payload, isCompressed, rsv2 = false, rsv3 = false))
    }

    override fun onPing(payload: ByteArray): Boolean = hand(Frame.Ping(payload))

    override fun onPong(payload: ByteArray): Boolean = hand(Frame.Pong(payload))

    override fun onClose(payload: ByteArray) {
        readClose(payload) // throws where it is malformed
        hasEnded = true
        hand(Frame.Close(payload))
        received.close()
        socket.closeLater(PARTING_TIME.inWholeNanoseconds)
    }

    /** False where the queue is full, and reading goes on when there is room again. */
    private fun hand(frame: Frame): Boolean {
        val result = received.trySend(frame)
        if (result.isSuccess || result.isClosed) return true
        timeout?.isListening = false
        launch(Dispatchers.Unconfined) {
            try {
                received.send(frame)
            } catch (_: ClosedSendChannelException) {
                // Nobody wants it any more; what comes behind it may be the end.
            } finally {
                timeout?.onHeard()
                socket.resumeReading()
            }
        }
        return false
    }

    private fun refuse(violation: Violation) {
        hasEnded = true
        val (code, reason) = violation.info.code to violation.info.reason
        writer.closeNow(Frame.Close(CloseReason(code.toShort(), reason)))
        received.close(if (code == CloseInfo.MESSAGE_TOO_BIG) FrameTooBigException(maxFrameSize) else ProtocolViolationException(reason))
        socket.closeLater(PARTING_TIME.inWholeNanoseconds)
    }

    override fun onEnd(cause: Throwable?) {
        watching?.cancel()
        received.close()
        writer.end()
        job.complete()
    }
}
