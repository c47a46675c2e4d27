package dev.wspool.ktor.internal

import dev.wspool.CloseInfo
import dev.wspool.Lease
import dev.wspool.Message
import dev.wspool.sendClose
import io.ktor.websocket.Frame
import io.ktor.websocket.readReason
import java.io.ByteArrayOutputStream

/** What a frame of the user's means to the lease: it sends messages, so fragments are put together first. */
internal class FrameSender(private val lease: Lease) {
    private val fragments = ByteArrayOutputStream()

    /** True between the first fragment of a message and its last. */
    @Volatile
    var isInMessage = false
        private set

    suspend fun send(frame: Frame) {
        require(!frame.rsv1 && !frame.rsv2 && !frame.rsv3) { "Reserved bits are an extension's, and a lease has none to offer: $frame" }
        when (frame) {
            is Frame.Text -> whole(frame)?.let { lease.send(it.decodeToString(throwOnInvalidSequence = true)) }
            is Frame.Binary -> whole(frame)?.let { lease.send(Message.Binary(it)) }
            is Frame.Ping -> lease.ping()
            is Frame.Pong -> throw UnsupportedOperationException("Pings are answered by the engine; a pong of the user's own is not sent")
            is Frame.Close -> frame.readReason().let { lease.sendClose(it?.code?.toInt() ?: CloseInfo.NORMAL, it?.message.orEmpty()) }
        }
    }

    suspend fun close(): Unit = lease.sendClose()

    /** The message that ends with [frame]; null where it goes on. */
    private fun whole(frame: Frame): ByteArray? = synchronized(fragments) {
        if (frame.fin && !isInMessage) return frame.data
        fragments.write(frame.data)
        isInMessage = !frame.fin
        if (isInMessage) null else fragments.toByteArray().also { fragments.reset() }
    }
}
