package dev.wspool.ktor.engine.link

import dev.wspool.CloseInfo
import dev.wspool.ConnectionLostException
import dev.wspool.Endpoint
import dev.wspool.Message
import dev.wspool.ktor.engine.codec.FrameBounds
import dev.wspool.ktor.engine.codec.FrameDecoder
import dev.wspool.ktor.engine.codec.FrameSink
import dev.wspool.ktor.engine.loop.NioSocket
import dev.wspool.ktor.engine.loop.SocketReader
import dev.wspool.ktor.engine.moveTo
import dev.wspool.ktor.internal.FrameSettings
import dev.wspool.ktor.internal.MessageAssembler
import dev.wspool.ktor.internal.PARTING_TIME
import dev.wspool.ktor.internal.Violation
import dev.wspool.ktor.internal.closePayload
import dev.wspool.ktor.internal.closeReply
import dev.wspool.ktor.internal.readClose
import dev.wspool.transport.ConnectionListener
import dev.wspool.transport.PerMessageDeflate
import dev.wspool.transport.redacted
import kotlinx.coroutines.CompletionHandler
import kotlinx.coroutines.DisposableHandle
import kotlinx.coroutines.job
import java.nio.ByteBuffer

/** Makes messages of what a connection's socket reads, for its [listener], and knows how the connection ends. On the loop's thread. */
internal class LinkReader(
    private val endpoint: Endpoint,
    private val socket: NioSocket,
    private val writer: LinkWriter,
    private val listener: ConnectionListener,
    frames: FrameSettings,
    private val deflate: PerMessageDeflate?,
) : SocketReader,
    FrameSink,
    CompletionHandler {
    private val decoder = FrameDecoder(this, deflate?.let { FrameBounds(frames.maxMessageSize, it.maxPayloadSize) } ?: frames.bounds)
    private var messages: MessageAssembler? = null // made for the first message that is not simply one frame
    private var scope: DisposableHandle? = null

    /** How the connection ends, as soon as that is known, which is before its socket is closed. */
    @Volatile
    private var end: CloseInfo? = null

    /** The Close frame of this end, once it is decided to send it. */
    @Volatile
    private var ownClose: CloseInfo? = null

    /** What broke the connection. Written before [end]. */
    @Volatile
    private var cause: Throwable? = null

    /** True where nothing can be sent any more. */
    val hasEnded: Boolean get() = end != null || ownClose != null

    fun lost(): ConnectionLostException {
        val info = end ?: ownClose ?: CloseInfo(CloseInfo.ABNORMAL)
        return ConnectionLostException("Connection to $endpoint has ended: $info", info, cause)
    }

    fun start(firstBytes: ByteArray) {
        scope = listener.scope.coroutineContext.job.invokeOnCompletion(this)
        socket.readWith(this, firstBytes)
        socket.resumeReading()
    }

    /** The listener's scope has ended. */
    override fun invoke(cause: Throwable?): Unit = socket.abort()

    /** This end closes. What still comes is not read any more, and the peer's Close is behind it. False where it has ended. */
    fun beginClosing(info: CloseInfo): Boolean {
        synchronized(this) {
            if (hasEnded) return false
            ownClose = info
        }
        socket.resumeReading()
        return true
    }

    override fun onBytes(bytes: ByteBuffer): Boolean {
        if (end == null) {
            try {
                return decoder.decode(bytes)
            } catch (violation: Violation) {
                part(violation.info, violation.cause)
            }
        }
        bytes.moveTo(bytes.limit()) // nobody's: the connection only waits for the peer to end it
        return true
    }

    override fun onData(payload: ByteArray, isText: Boolean, isFirst: Boolean, isFinal: Boolean, isCompressed: Boolean): Boolean {
        val message = if (isFirst && isFinal && !isCompressed) {
            if (isText) Message.Text(payload.decodeToString()) else Message.Binary(payload)
        } else {
            messages().add(payload, isText, isFinal, isCompressed) ?: return true
        }
        return ownClose != null || listener.onMessage(message)
    }

    private fun messages() = messages ?: MessageAssembler(decoder.bounds.message, deflate).also { messages = it }

    override fun onPing(payload: ByteArray): Boolean {
        writer.pong(payload)
        return true
    }

    override fun onPong(payload: ByteArray): Boolean {
        listener.onPong(payload)
        return true
    }

    override fun onClose(payload: ByteArray) {
        part(readClose(payload), null)
    }

    /**
     * Says goodbye, unless that was said, and gives the peer time to end the connection: it should be the one (RFC 6455, 7.1.1).
     * A peer that has broken the protocol is not waited for to begin (7.1.7).
     */
    private fun part(info: CloseInfo, why: Throwable?) {
        cause = why
        end = info
        if (ownClose == null) writer.closeNow(if (why == null) closeReply(info) else closePayload(info.code, info.reason))
        if (why != null) socket.finishOutput()
        socket.closeLater(PARTING_TIME.inWholeNanoseconds)
    }

    override fun onEnd(cause: Throwable?) {
        scope?.dispose()
        deflate?.close()
        if (this.cause == null) this.cause = cause?.let(endpoint::redacted)
        val info = end ?: CloseInfo(CloseInfo.ABNORMAL).also { end = it }
        listener.onClosed(info, this.cause)
    }
}
