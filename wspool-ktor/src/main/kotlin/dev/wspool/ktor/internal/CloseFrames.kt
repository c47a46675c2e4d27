package dev.wspool.ktor.internal

import dev.wspool.CloseInfo
import java.nio.ByteBuffer

/** What a control frame holds at most (RFC 6455, 5.5). */
internal const val MAX_CONTROL_PAYLOAD = 125

private const val CODE_SIZE = 2

/** The codes that may be in a frame (RFC 6455, 7.4, and IANA's registry). */
private fun isSendable(code: Int) = code in 1000..1003 || code in 1007..1014 || code in 3000..4999

/**
 * What a Close frame holds that tells [code] and [reason].
 *
 * @throws IllegalArgumentException where no such frame may be sent.
 */
internal fun closePayload(code: Int, reason: String): ByteArray {
    require(isSendable(code)) { "$code is no close code that may be sent" }
    val text = reason.encodeToByteArray()
    require(text.size <= MAX_CONTROL_PAYLOAD - CODE_SIZE) {
        "A close reason holds at most ${MAX_CONTROL_PAYLOAD - CODE_SIZE} bytes of UTF-8, not ${text.size}"
    }
    return ByteBuffer.allocate(CODE_SIZE + text.size).putShort(code.toShort()).put(text).array()
}

/**
 * What a Close frame that holds [payload] tells.
 *
 * @throws Violation where it is malformed (RFC 6455, 5.5.1).
 */
internal fun readClose(payload: ByteArray): CloseInfo {
    if (payload.isEmpty()) return CloseInfo(CloseInfo.NO_STATUS)
    if (payload.size < CODE_SIZE) throw badClose()
    val code = ByteBuffer.wrap(payload).short.toInt() and 0xffff
    if (!isSendable(code)) throw badClose()
    val reason = try {
        payload.decodeToString(CODE_SIZE, payload.size, throwOnInvalidSequence = true)
    } catch (_: CharacterCodingException) {
        throw notUtf8()
    }
    return CloseInfo(code, reason)
}

/** What the answer to a Close frame holds that told [received]: its code (RFC 6455, 5.5.1), or nothing where it had none. */
internal fun closeReply(received: CloseInfo): ByteArray =
    if (received.code == CloseInfo.NO_STATUS) ByteArray(0) else closePayload(received.code, "")
