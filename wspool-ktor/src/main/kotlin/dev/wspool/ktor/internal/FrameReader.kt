package dev.wspool.ktor.internal

import dev.wspool.CloseInfo
import dev.wspool.Message
import dev.wspool.transport.PerMessageDeflate
import io.ktor.websocket.Frame

/** What a frame means to the reader of a connection. */
internal sealed class FrameEvent {
    class Whole(val message: Message) : FrameEvent()

    class Ping(val payload: ByteArray) : FrameEvent()

    class Pong(val payload: ByteArray) : FrameEvent()

    class Close(val info: CloseInfo) : FrameEvent()
}

/**
 * Reads Ktor's raw frames, in which the fragments of one message all have its type, `fin` marks the last, and control frames
 * stand between them.
 */
internal class FrameReader(maxMessageSize: Int, private val deflate: PerMessageDeflate? = null) {
    private val messages = MessageAssembler(maxMessageSize, deflate)

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
            is Frame.Close -> FrameEvent.Close(readClose(frame.data))
            is Frame.Text -> read(frame, isText = true)
            is Frame.Binary -> read(frame, isText = false)
        }
    }

    /** RFC 7692, 6: the first frame of a message alone says that it is compressed. */
    private fun mayBeCompressed(frame: Frame) = deflate != null && messages.isBetweenMessages && !frame.frameType.controlFrame

    private fun read(frame: Frame, isText: Boolean) = messages.add(frame.data, isText, frame.fin, frame.rsv1)?.let(FrameEvent::Whole)
}
