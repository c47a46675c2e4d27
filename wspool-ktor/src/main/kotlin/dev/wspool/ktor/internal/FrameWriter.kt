package dev.wspool.ktor.internal

import dev.wspool.Message
import io.ktor.client.plugins.websocket.ClientWebSocketSession
import io.ktor.websocket.Frame
import io.ktor.websocket.FrameType
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.ClosedSendChannelException
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.time.Duration.Companion.seconds

/** How long a last Close frame may take to leave. */
internal val PARTING_TIME = 1.seconds

/**
 * Puts frames into Ktor's outgoing queue, which takes any number of them at once: 200 MiB in a millisecond for a peer that
 * never reads. So the bytes that Ktor has not yet taken from the queue are counted, and a sender waits at [IN_FLIGHT] of
 * them. Below that a send waits for nothing and costs no thread hop.
 *
 * Messages above the same size go as fragments, so that a ping, pong or Close waits for one fragment, not for the message.
 */
internal class FrameWriter(private val session: ClientWebSocketSession, private val abort: () -> Unit) {
    private val turn = Mutex()

    /** What may not have left the queue. Guarded by [turn]. */
    private var inFlight = 0

    /** Whether a message was cut short: until the abort is through, Ktor would put the next one behind it. Guarded by [turn]. */
    private var isBroken = false

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
            is Message.Text -> send(FrameType.TEXT, message.text.encodeToByteArray(), isOurs = true)
            is Message.Binary -> send(FrameType.BINARY, message.bytes, isOurs = false)
        }
    }

    /** Not behind the messages that wait for their turn. */
    suspend fun ping(payload: ByteArray) = session.outgoing.send(Frame.Ping(payload.copyOf()))

    /** Called by the reader, which must not wait for a writer that is stuck. */
    fun pong(payload: ByteArray) {
        val pongs = due ?: Channel<ByteArray>(Channel.CONFLATED).also {
            due = it
            session.call.launch(Dispatchers.Unconfined) { answer(it) }
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

    private suspend fun send(type: FrameType, bytes: ByteArray, isOurs: Boolean) {
        var start = 0
        var fin = false
        try {
            while (!fin) {
                val end = minOf(bytes.size - start, IN_FLIGHT) + start
                fin = end == bytes.size
                // Ktor masks the bytes later, on its own thread, when the sender may have changed them.
                val part = if (isOurs && fin && start == 0) bytes else bytes.copyOfRange(start, end)
                session.outgoing.send(Frame.byType(fin, type, part, rsv1 = false, rsv2 = false, rsv3 = false))
                inFlight += part.size + FRAME_COST
                start = end
                settle()
            }
        } catch (failure: Throwable) {
            if (start > 0 && !fin) {
                isBroken = true
                abort()
            }
            throw failure
        }
    }

    @OptIn(DelicateCoroutinesApi::class) // false may be out of date at once; the next send tells
    private suspend fun settle() {
        if (inFlight < IN_FLIGHT) return
        session.flush()
        if (session.outgoing.isClosedForSend) throw ClosedSendChannelException("closed while flushing")
        inFlight = 0
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
        const val IN_FLIGHT = 64 * 1024

        /** About what a queued frame weighs beside its payload, so that empty messages count too. */
        const val FRAME_COST = 64
    }
}
