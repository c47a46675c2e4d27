package dev.wspool.ktor.internal

import dev.wspool.CloseInfo
import dev.wspool.Message
import dev.wspool.MessageTooBigException
import dev.wspool.transport.MalformedMessageException
import dev.wspool.transport.PerMessageDeflate
import io.ktor.websocket.Frame
import java.io.ByteArrayOutputStream

/** What a frame means to the reader of a connection. */
internal sealed class FrameEvent {
    class Whole(val message: Message) : FrameEvent()

    class Ping(val payload: ByteArray) : FrameEvent()

    class Pong(val payload: ByteArray) : FrameEvent()

    class Close(val info: CloseInfo, val reply: Frame.Close) : FrameEvent()
}

/**
 * Makes messages of raw frames, in which the fragments of one message all have its type, `fin` marks the last, and control
 * frames stand between them.
 */
internal class MessageAssembler(private val maxMessageSize: Int, private val deflate: PerMessageDeflate? = null) {
    private var unfinished: ByteArrayOutputStream? = null

    /** What the first frame of the message said. */
    private var isCompressed = false

    /**
     * Returns null where the message goes on.
     *
     * @throws Violation where the frame must not be.
     */
    fun read(frame: Frame): FrameEvent? {
        if (frame.rsv2 || frame.rsv3 || (frame.rsv1 && !mayBeCompressed(frame))) throw reservedBits()
        return when (frame) {
            is Frame.Ping -> FrameEvent.Ping(frame.data)
            is Frame.Pong -> FrameEvent.Pong(frame.data)
            is Frame.Close -> readClose(frame.data)
            is Frame.Text -> whole(frame)?.let { FrameEvent.Whole(Message.Text(textOf(it))) }
            is Frame.Binary -> whole(frame)?.let { FrameEvent.Whole(Message.Binary(it)) }
        }
    }

    /** RFC 7692, 6: the first frame of a message alone says that it is compressed. */
    private fun mayBeCompressed(frame: Frame) = deflate != null && unfinished == null && !frame.frameType.controlFrame

    private fun whole(frame: Frame): ByteArray? {
        if (unfinished == null) isCompressed = frame.rsv1
        val payload = assembled(frame) ?: return null
        if (!isCompressed) return payload
        return try {
            deflate!!.inflate(payload)
        } catch (_: MessageTooBigException) {
            throw tooBig(maxMessageSize)
        } catch (malformed: MalformedMessageException) {
            throw notDeflated(malformed)
        }
    }

    /** The payload of all fragments, or null where there are more to come. */
    private fun assembled(frame: Frame): ByteArray? {
        val before = unfinished
        val bound = if (isCompressed) deflate!!.maxPayloadSize else maxMessageSize
        if (frame.data.size + (before?.size() ?: 0) > bound) throw tooBig(maxMessageSize)
        if (before == null && frame.fin) return frame.data
        val all = before ?: ByteArrayOutputStream(frame.data.size * 2).also { unfinished = it }
        all.write(frame.data, 0, frame.data.size)
        if (!frame.fin) return null
        unfinished = null
        return all.toByteArray()
    }
}

/** The text of the whole message, as a fragment may end within a character. */
private fun textOf(bytes: ByteArray): String {
    val text = bytes.decodeToString()
    // The fast way replaces what is malformed; where the replacement occurs, ask whether the peer had sent it.
    if (REPLACEMENT in text) {
        try {
            bytes.decodeToString(throwOnInvalidSequence = true)
        } catch (_: CharacterCodingException) {
            throw notUtf8()
        }
    }
    return text
}

private const val REPLACEMENT = '\uFFFD'
