package dev.wspool.ktor.internal

import dev.wspool.CloseInfo
import dev.wspool.Endpoint
import dev.wspool.Handshake
import dev.wspool.Message
import dev.wspool.transport.Capability
import dev.wspool.transport.ConnectionListener
import dev.wspool.transport.PerMessageDeflate
import io.ktor.websocket.Frame
import io.ktor.websocket.WebSocketSession
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlin.time.Duration.Companion.milliseconds

/**
 * A raw session of Ktor's: on the client's CIO, or on any engine of a server.
 *
 * [Capability.HardAbort] is not declared: with more unsent bytes than the kernel takes, CIO keeps the socket after an abort
 * until the peer reads on or is gone, and cancelling harder changes nothing.
 *
 * @param call where what belongs to the connection runs beside its reader.
 */
internal open class RawConnection(
    endpoint: Endpoint,
    private val session: WebSocketSession,
    call: CoroutineScope,
    handshake: Handshake,
    life: Job,
    frames: FrameSettings,
    private val deflate: PerMessageDeflate?,
) : SessionConnection(endpoint, handshake, life, frames) {
    private val writer = FrameWriter(session, call, frames.maxBytesInFlight, deflate, ::abort)

    /**
     * True where nobody can tell whether its socket is closed: this end gave it up, and more was sent than the kernel is sure
     * to have taken, so that CIO's writer may be stuck and keep the socket open.
     */
    val mayHoldItsSocket: Boolean get() = !isOver && writer.unanswered > SURELY_TAKEN

    override val capabilities: Set<Capability> get() = CAPABILITIES

    override suspend fun write(message: Message): Unit = writer.send(message)

    override suspend fun write(close: Frame.Close): Unit = writer.close(close)

    /** What TLS has of it when the call ends is lost: Ktor's encoder is stopped, whatever it holds, and shows to nobody when it is through. */
    override suspend fun writeSoon(close: Frame.Close) {
        writer.closeSoon(close)
        if (endpoint.isSecure) delay(ENCODING_TIME)
    }

    override suspend fun ping(payload: ByteArray) {
        require(payload.size <= MAX_CONTROL_PAYLOAD) { "A ping holds at most $MAX_CONTROL_PAYLOAD bytes, not ${payload.size}" }
        writing { writer.ping(payload) }
    }

    override suspend fun receive(listener: ConnectionListener) {
        val reader = FrameReader(frames.maxMessageSize, deflate)
        for (frame in session.incoming) {
            when (val event = reader.read(frame)) {
                is FrameEvent.Whole -> if (ownClose == null && !listener.onMessage(event.message)) gate.pass()
                is FrameEvent.Ping -> writer.pong(event.payload)
                is FrameEvent.Pong -> {
                    writer.answered(event.payload)
                    listener.onPong(event.payload)
                }
                is FrameEvent.Close -> return closedByPeer(event.info)
                null -> Unit
            }
        }
        if (!life.isCancelled) isOver = true // else it is our own abort that has ended what comes, and says nothing of the socket
    }

    private suspend fun closedByPeer(info: CloseInfo) {
        isOver = true
        end = info
        if (ownClose == null) writeSoon(Frame.Close(closeReply(info)))
    }

    private companion object {
        /** 16 KiB: Linux's smallest send buffer at the start of a connection (tcp_wmem); those of other systems are larger. */
        const val SURELY_TAKEN = 16 * 1024

        /** How long a last frame is given to get through TLS: it takes a dispatch or two. */
        val ENCODING_TIME = 100.milliseconds

        val CAPABILITIES = setOf(Capability.Ping, Capability.Backpressure, Capability.MessageBound, Capability.Utf8Check)
    }
}
