package dev.wspool.ktor.internal

import dev.wspool.CloseInfo
import io.ktor.websocket.CloseReason
import io.ktor.websocket.Frame
import java.nio.ByteBuffer

/** What a control frame holds at most (RFC 6455, 5.5). */
internal const val MAX_CONTROL_PAYLOAD = 125

private const val CODE_SIZE = 2

/** The codes that may be in a frame (RFC 6455, 7.4, and IANA's registry). */
private fun isSendable(code: Int) = code in 1000..1003 || code in 1007..1014 || code in 3000..4999

/** @throws IllegalArgumentException where no such frame may be sent. */
internal fun closeFrame(code: Int, reason: String): Frame.Close {
    require(isSendable(code)) { "$code is no close code that may be sent" }
    val size = reason.encodeToByteArray().size
    require(size <= MAX_CONTROL_PAYLOAD - CODE_SIZE) {
        "A close reason holds at most ${MAX_CONTROL_PAYLOAD - CODE_SIZE} bytes of UTF-8, not $size"
    }
    return Frame.Close(CloseReason(code.toShort(), reason))
}

/** @throws Violation where the frame is malformed (RFC 6455, 5.5.1). */
internal fun readClose(payload: ByteArray): FrameEvent.Close {
    if (payload.isEmpty()) return FrameEvent.Close(CloseInfo(CloseInfo.NO_STATUS), Frame.Close())
    if (payload.size < CODE_SIZE) throw badClose()
    val code = ByteBuffer.wrap(payload).short.toInt() and 0xffff
    if (!isSendable(code)) throw badClose()
    val reason = try {
        payload.decodeToString(CODE_SIZE, payload.size, throwOnInvalidSequence = true)
    } catch (_: CharacterCodingException) {
        throw notUtf8()
    }
    return FrameEvent.Close(CloseInfo(code, reason), closeFrame(code, ""))
}
