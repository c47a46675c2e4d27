package dev.wspool

/**
 * How a connection ended: the code and reason of its Close frame (RFC 6455, 7.4).
 *
 * @property code the status code; 1005 where the frame had none, 1006 where no frame came.
 * @property reason the text beside it, often empty. It is the peer's: treat it as input.
 */
public class CloseInfo(public val code: Int, public val reason: String = "") {
    /** True for 1000 (normal closure) and 1001 (going away): the peer had said all that it meant to say. */
    public val isNormal: Boolean get() = code == NORMAL || code == GOING_AWAY

    override fun equals(other: Any?): Boolean = other is CloseInfo && other.code == code && other.reason == reason

    override fun hashCode(): Int = 31 * code + reason.hashCode()

    /** The reason is quoted without its control characters, which could forge a line of a log. */
    override fun toString(): String {
        if (reason.isEmpty()) return "close code $code"
        return "close code $code \"${reason.map { if (it.isISOControl()) '\uFFFD' else it }.joinToString("")}\""
    }

    /** The codes that the library itself sends or makes up. */
    public companion object {
        /** Normal closure. */
        public const val NORMAL: Int = 1000

        /** Going away: this end shuts down. */
        public const val GOING_AWAY: Int = 1001

        /** Protocol error. */
        public const val PROTOCOL_ERROR: Int = 1002

        /** The Close frame carried no code. Never sent. */
        public const val NO_STATUS: Int = 1005

        /** The connection ended without a Close frame. Never sent. */
        public const val ABNORMAL: Int = 1006

        /** A text message was not valid UTF-8. */
        public const val INVALID_PAYLOAD: Int = 1007

        /** A message was too big. */
        public const val MESSAGE_TOO_BIG: Int = 1009
    }
}
