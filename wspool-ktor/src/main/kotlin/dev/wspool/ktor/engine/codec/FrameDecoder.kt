package dev.wspool.ktor.engine.codec

import dev.wspool.CloseInfo
import dev.wspool.ktor.engine.moveTo
import dev.wspool.ktor.internal.MAX_CONTROL_PAYLOAD
import dev.wspool.ktor.internal.Violation
import dev.wspool.ktor.internal.notUtf8
import dev.wspool.ktor.internal.reservedBits
import dev.wspool.ktor.internal.tooBig
import dev.wspool.ktor.internal.violation
import java.nio.ByteBuffer

/**
 * Reads a server's frames out of bytes that come in any pieces, and refuses whatever RFC 6455 forbids a server. Pure: bytes
 * in, events out, and any split of the same bytes gives the same events.
 *
 * @param bounds may be changed while it reads, and count from the next frame on.
 * @param boundsFrames whether they are for each frame instead of for a message.
 */
internal class FrameDecoder(private val sink: FrameSink, @Volatile var bounds: FrameBounds, private val boundsFrames: Boolean = false) {
    private val head = FrameHead()
    private var payload: FramePayload? = null

    /** What the first frame of an unfinished message said, and what its frames hold so far. */
    private var isUnfinished = false
    private var isText = false
    private var isCompressed = false
    private var messageSize = 0L

    private var utf8: Utf8Check? = null
    private var isClosed = false

    /**
     * Reads [input] to its end, or until the sink wants no more: then what is left has to come again, first of all.
     *
     * @return false where the sink wants no more.
     * @throws Violation where the peer breaks the protocol, as soon as a head is whole, or a byte of text cannot be; the
     *   decoder is of no use any more.
     */
    fun decode(input: ByteBuffer): Boolean {
        while (!isClosed) {
            val reading = payload ?: begin(input) ?: return true
            val read = reading.read(input)
            if (isText && !head.isControl && !isCompressed) check(reading)
            if (!read) return true
            payload = null
            if (!deliver(reading.take())) return false
        }
        input.moveTo(input.limit())
        return true
    }

    private fun begin(input: ByteBuffer): FramePayload? {
        if (!head.read(input)) return null
        if (head.isMasked) throw broken("A frame of the server is masked")
        if (!Opcode.isDefined(head.opcode)) throw broken("A frame has the reserved opcode ${head.opcode}")
        if (!head.isLengthMinimal) throw broken("The length of a frame is not told in the fewest bytes")
        if (head.isControl) checkControl() else beginData()
        return FramePayload(head.length.toInt()).also { payload = it }
    }

    private fun checkControl() {
        if (head.reserved != 0) throw reservedBits()
        if (!head.isFinal) throw broken("A control frame is fragmented")
        if (head.length > MAX_CONTROL_PAYLOAD) throw broken("A control frame holds ${head.length} bytes")
    }

    private fun beginData() {
        val isContinuation = head.opcode == Opcode.CONTINUATION
        if (isContinuation && !isUnfinished) throw broken("A fragment continues no message")
        if (!isContinuation && isUnfinished) throw broken("A message begins within another")
        val allowed = if (bounds.compressedMessage != null && !isContinuation) FrameHead.RSV1 else 0
        if (head.reserved and allowed.inv() != 0) throw reservedBits()
        if (!isContinuation) {
            isText = head.opcode == Opcode.TEXT
            isCompressed = head.reserved != 0
        }
        if (!isContinuation || boundsFrames) messageSize = 0
        val most = if (isCompressed) bounds.compressedMessage!! else bounds.message
        if (head.length > most - messageSize) throw tooBig(bounds.message)
        messageSize += head.length
    }

    private fun deliver(payload: ByteArray): Boolean {
        when (head.opcode) {
            Opcode.PING -> return sink.onPing(payload)
            Opcode.PONG -> return sink.onPong(payload)
            Opcode.CLOSE -> {
                isClosed = true
                sink.onClose(payload)
                return true
            }
            else -> return deliverData(payload)
        }
    }

    private fun deliverData(payload: ByteArray): Boolean {
        val isFirst = !isUnfinished
        isUnfinished = !head.isFinal
        if (head.isFinal && utf8?.isWithinCharacter == true) throw notUtf8()
        return sink.onData(payload, isText, isFirst, head.isFinal, isCompressed && isFirst)
    }

    private fun check(reading: FramePayload) {
        val check = utf8 ?: Utf8Check().also { utf8 = it }
        if (!reading.check(check)) throw notUtf8()
    }

    private fun broken(how: String) = violation(CloseInfo.PROTOCOL_ERROR, how)
}
