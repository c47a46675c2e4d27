package dev.wspool.ktor.internal

import dev.wspool.Message
import dev.wspool.transport.PerMessageDeflate
import io.ktor.websocket.Frame
import io.ktor.websocket.FrameType
import io.ktor.websocket.WebSocketSession
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.ClosedSendChannelException
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.isActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.time.Duration.Companion.seconds

/** How long a last Close frame may take to leave. */
internal val PARTING_TIME = 1.seconds

/**
 * Puts frames into Ktor's outgoing queue, which takes any number of them at once: 200 MiB in a millisecond for a peer that
 * never reads. So the bytes that Ktor has not yet taken from the queue are counted, and a sender waits at [maxBytesInFlight]
 * of them. Below that a send waits for nothing and costs no thread hop.
 *
 * Messages above the same size go as fragments, so that a ping, pong or Close waits for one fragment, not for the message.
 */
internal class FrameWriter(
    private val session: WebSocketSession,
    private val life: CoroutineScope,
    private val maxBytesInFlight: Int,
    private val deflate: PerMessageDeflate?,
    private val abort: () -> Unit,
) {
    private val turn = Mutex()

    /** What may not have left the queue. Guarded by [turn]. */
    private var inFlight = 0

    /** Whether a message was cut short: until the abort is through, Ktor would put the next one behind it. Guarded by [turn]. */
    private var isBroken = false

    /** All bytes that were put into the queue. Written under [turn]. */
    @Volatile
    private var written = 0L

    /** The last ping, and what had been put into the queue before it. */
    @Volatile
    private var lastPing: PingMark? = null

    /** What the peer is known to have read of [written]. The reader's alone. */
    @Volatile
    private var read = 0L

    /** How many bytes the peer is not known to have read. */
    val unanswered: Long get() = written - read

    /** Ends when the queue takes nothing more: a Close frame was the last, or Ktor's writer has failed. */
    private val queueOpen = Job().also { open -> session.outgoing.invokeOnClose { open.complete() } }

    private class PingMark(val payload: ByteArray, val written: Long)

    /**
     * The pong that is due. Only the newest ping needs an answer (RFC 6455, 5.5.3), so a peer that pings and never reads
     * costs one. Made at the first ping, as many peers never send one. The reader's alone.
     */
    private var due: Channel<ByteArray>? = null

    /** Cancelled, it has queued the whole message, or none of it, or has aborted the connection. */
    suspend fun send(message: Message) = turn.withLock {
        if (isBroken) throw ClosedSendChannelException("a message was cut short")
        settle() // a sender who was cancelled while it waited has left this to us
        when (message) {
            is Message.Text -> sendMessage(FrameType.TEXT, message.text.encodeToByteArray(), isOurs = true)
            is Message.Binary -> sendMessage(FrameType.BINARY, message.bytes, isOurs = false)
        }
    }

    private suspend fun sendMessage(type: FrameType, bytes: ByteArray, isOurs: Boolean) {
        val compressed = deflate?.deflate(bytes)
        if (compressed == null) send(type, bytes, isOurs) else send(type, compressed, isOurs = true, isCompressed = true)
    }

    /** Not behind the messages that wait for their turn. */
    suspend fun ping(payload: ByteArray) {
        val copy = payload.copyOf()
        lastPing = PingMark(copy, written)
        session.outgoing.send(Frame.Ping(copy))
    }

    /** The peer has read all that was before the ping that it answers. */
    fun answered(payload: ByteArray) {
        val ping = lastPing ?: return
        if (payload.contentEquals(ping.payload)) read = ping.written
    }

    /** Called by the reader, which must not wait for a writer that is stuck. */
    fun pong(payload: ByteArray) {
        val pongs = due ?: Channel<ByteArray>(Channel.CONFLATED).also {
            due = it
            life.launch(Dispatchers.Unconfined) { answer(it) }
        }
        pongs.trySend(payload)
    }

    /** Returns when the frame has left the queue: behind it Ktor writes nothing and ends its half of the connection. */
    suspend fun close(frame: Frame.Close) {
        session.outgoing.send(frame)
        session.flush()
    }

    /** As [close], for a connection that ends with it in any case. */
    suspend fun closeSoon(frame: Frame.Close) {
        try {
            withTimeoutOrNull(PARTING_TIME) { close(frame) }
        } catch (_: Throwable) {
            // The queue is closed: the peer's end came first, or Ktor has sent a Close of its own.
            currentCoroutineContext().ensureActive()
        }
    }

    private suspend fun send(type: FrameType, bytes: ByteArray, isOurs: Boolean, isCompressed: Boolean = false) {
        var start = 0
        var isSent = false
        try {
            do {
                val end = minOf(bytes.size - start, maxBytesInFlight) + start
                val fin = end == bytes.size
                // Ktor masks the bytes later, on its own thread, when the sender may have changed them.
                val part = if (isOurs && fin && start == 0) bytes else bytes.copyOfRange(start, end)
                val rsv1 = isCompressed && start == 0 // RFC 7692, 6: in the first frame alone
                session.outgoing.send(Frame.byType(fin, type, part, rsv1, rsv2 = false, rsv3 = false))
                isSent = fin
                inFlight += part.size + FRAME_COST
                written += part.size + FRAME_COST
                start = end
                settle()
            } while (!fin)
        } catch (failure: Throwable) {
            // Also where none of it is sent, if it was compressed: the peer would not have what the next one refers to.
            if (!isSent && (start > 0 || isCompressed)) {
                isBroken = true
                // Where the caller has not been cancelled, Ktor's writer has failed, and the session is ending by itself.
                if (!currentCoroutineContext().isActive) abort()
            }
            throw failure
        }
    }

    @OptIn(DelicateCoroutinesApi::class) // false may be out of date at once; the next send tells
    private suspend fun settle() {
        if (inFlight < maxBytesInFlight) return
        flush()
        if (session.outgoing.isClosedForSend) throw ClosedSendChannelException("closed while flushing")
        inFlight = 0
    }

    /** Ktor's writer forgets a flush that it has taken from the queue when it fails: its flush() would wait for ever. */
    private suspend fun flush() = coroutineScope {
        val flushing = launch(start = CoroutineStart.UNDISPATCHED) { session.flush() }
        val closing = queueOpen.invokeOnCompletion { flushing.cancel() }
        flushing.join()
        closing.dispose()
    }

    private suspend fun answer(due: Channel<ByteArray>) {
        try {
            for (payload in due) {
                session.outgoing.send(Frame.Pong(payload))
                session.flush()
            }
        } catch (_: ClosedSendChannelException) {
            // The connection ends, and with it the need for an answer.
        } catch (_: CancellationException) {
            // The same, in Ktor's other spelling.
        }
    }

    private companion object {
        /** About what a queued frame weighs beside its payload, so that empty messages count too. */
        const val FRAME_COST = 64
    }
}
