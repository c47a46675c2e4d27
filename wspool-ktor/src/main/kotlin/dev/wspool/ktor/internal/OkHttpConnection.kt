package dev.wspool.ktor.internal

import dev.wspool.CloseInfo
import dev.wspool.Endpoint
import dev.wspool.Handshake
import dev.wspool.Message
import dev.wspool.MessageTooBigException
import dev.wspool.transport.Capability
import dev.wspool.transport.ConnectionListener
import io.ktor.client.plugins.websocket.DefaultClientWebSocketSession
import io.ktor.websocket.Frame
import io.ktor.websocket.readText
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.getOrElse
import kotlinx.coroutines.channels.onSuccess
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.selects.select
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withTimeoutOrNull
import java.net.ProtocolException

/**
 * A session on OkHttp, which answers pings and closes by itself. [Capability.Ping] is missing as it shows no pongs, and
 * [Capability.Utf8Check] as it hands over text in which what was malformed is already replaced.
 */
internal class OkHttpConnection(
    endpoint: Endpoint,
    private val session: DefaultClientWebSocketSession,
    handshake: Handshake,
    life: Job,
    frames: FrameSettings,
    private val link: OkHttpLink,
) : SessionConnection(endpoint, handshake, life, frames) {
    private val turn = Mutex()

    /** The messages that OkHttp may still count as queued. Guarded by [turn]. */
    private var queued = 0L
    private var last = 0L

    override val capabilities: Set<Capability> get() = CAPABILITIES

    override suspend fun write(message: Message) = turn.withLock {
        when (message) {
            is Message.Text -> message.text.encodeToByteArray().let { write(Frame.Text(true, it), it.size) }
            // OkHttp's copy is made later, on another thread, when the sender may have changed the bytes.
            is Message.Binary -> write(Frame.Binary(true, message.bytes.copyOf()), message.bytes.size)
        }
    }

    /**
     * OkHttp lets 16 MiB of messages wait, those included that are written in part; one more, and it drops that message and
     * closes the connection, of which Ktor tells nobody. It counts a message out a moment after its last byte, unseen, so that
     * the last one must be allowed for: two of [LARGEST] always fit.
     */
    private suspend fun write(frame: Frame, size: Int) {
        if (size > LARGEST) {
            throw MessageTooBigException("A message of $size bytes is more than can be sent safely with OkHttp: at most $LARGEST", LARGEST)
        }
        link.outgoing.awaitAtMost(if (queued + size > OKHTTP_QUEUE) 0 else frames.maxBytesInFlight.toLong())
        if (queued + size > OKHTTP_QUEUE) queued = last // it may just be about to be uncounted
        queued += size
        last = size.toLong()
        link.outgoing.add(frameSize(size))
        session.outgoing.send(frame)
        link.outgoing.awaitAtMost(frames.maxBytesInFlight.toLong())
    }

    /** Returns when it is written: OkHttp ends its half of the connection with it. */
    override suspend fun write(close: Frame.Close): Unit = turn.withLock {
        link.outgoing.awaitAtMost(0)
        link.outgoing.add(frameSize(close.data.size))
        session.outgoing.send(close)
        link.outgoing.awaitAtMost(0)
    }

    override suspend fun writeSoon(close: Frame.Close) {
        try {
            withTimeoutOrNull(PARTING_TIME) { write(close) }
        } catch (_: Throwable) {
            // OkHttp has given the connection up already.
            currentCoroutineContext().ensureActive()
        }
    }

    override suspend fun ping(payload: ByteArray): Unit = throw UnsupportedOperationException("Ktor's OkHttp engine sends no pings")

    override fun abort() {
        link.cancel()
        super.abort()
    }

    override suspend fun receive(listener: ConnectionListener) {
        while (true) {
            val frame = next() ?: break
            if (frame.data.size > frames.maxMessageSize) throw tooBig(frames.maxMessageSize)
            val message = if (frame is Frame.Text) Message.Text(frame.readText()) else Message.Binary(frame.data)
            if (ownClose != null || listener.onMessage(message)) continue
            // What OkHttp has read already, 8 KiB at most beside one message, waits in Ktor's queue.
            link.reading.pause()
            gate.pass()
            link.reading.resume()
        }
        val reason = session.closeReason.await()
        end = if (reason == null) CloseInfo(CloseInfo.ABNORMAL) else CloseInfo(reason.code.toInt() and 0xffff, reason.message)
        // Our own Close is on its way, if only as an answer; OkHttp closes the socket behind it.
        withTimeoutOrNull(PARTING_TIME) { link.closed.join() }
    }

    /** The next frame, or null where the connection is being closed. What came before a message that is too big comes first. */
    private suspend fun next(): Frame? {
        session.incoming.tryReceive().onSuccess { return it }
        return select {
            session.incoming.onReceiveCatching { next -> next.getOrElse { if (it == null) null else throw it } }
            link.tooBig.onJoin { throw tooBig(frames.maxMessageSize) }
        }
    }

    override fun violation(failure: Throwable): Violation? = when {
        failure is Violation -> failure
        failure is ProtocolException ->
            violation(CloseInfo.PROTOCOL_ERROR, "Protocol broken", "The peer broke the protocol: ${failure.message}")
        else -> null
    }

    /** RFC 6455, 5.2, masked. */
    private fun frameSize(payload: Int): Long = payload + when {
        payload < 126 -> 6L
        payload < 65_536 -> 8L
        else -> 14L
    }

    private companion object {
        val CAPABILITIES = setOf(Capability.Backpressure, Capability.MessageBound, Capability.HardAbort)
        const val OKHTTP_QUEUE = 16L * 1024 * 1024
        const val LARGEST = OKHTTP_QUEUE / 2
    }
}
