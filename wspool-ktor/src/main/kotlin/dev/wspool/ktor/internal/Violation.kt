package dev.wspool.ktor.internal

import dev.wspool.CloseInfo
import dev.wspool.ConnectionLostException
import dev.wspool.MessageTooBigException
import dev.wspool.transport.MalformedMessageException
import io.ktor.websocket.FrameTooBigException
import io.ktor.websocket.ProtocolViolationException

/**
 * The peer broke the protocol or a bound, and the connection has to end.
 *
 * @property info what the peer is told.
 * @property cause what the pool is told.
 */
internal class Violation(val info: CloseInfo, override val cause: Throwable) : Exception(null, cause)

/** [failure] as what the peer did wrong, or null where it is something else. */
internal fun violationOf(failure: Throwable, maxMessageSize: Int): Violation? = when (failure) {
    is Violation -> failure
    is FrameTooBigException -> tooBig(maxMessageSize)
    is ProtocolViolationException -> violation(CloseInfo.PROTOCOL_ERROR, failure.violation)
    else -> null
}

internal fun tooBig(maxMessageSize: Int): Violation {
    val text = "A message of more than $maxMessageSize bytes has been received"
    return Violation(CloseInfo(CloseInfo.MESSAGE_TOO_BIG, text), MessageTooBigException("$text (maxMessageSize)", maxMessageSize.toLong()))
}

internal fun reservedBits(): Violation = violation(
    CloseInfo.PROTOCOL_ERROR,
    "A frame with a reserved bit was received that no extension explains",
    "A frame with a reserved bit was received that no extension explains. The pool opens raw sessions, which do without " +
        "Ktor's WebSocketDeflateExtension; where the server compresses, set `compression`",
)

internal fun notUtf8(): Violation = violation(CloseInfo.INVALID_PAYLOAD, "A text message is not valid UTF-8")

internal fun notDeflated(malformed: MalformedMessageException): Violation =
    violation(CloseInfo.INVALID_PAYLOAD, "A compressed message cannot be read", malformed.message!!)

internal fun badClose(): Violation = violation(CloseInfo.PROTOCOL_ERROR, "A Close frame is malformed")

internal fun violation(code: Int, told: String, text: String = told): Violation {
    val info = CloseInfo(code, told)
    return Violation(info, ConnectionLostException(text, info))
}
