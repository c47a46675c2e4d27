package dev.wspool.ktor.engine.codec

/** What a frame is (RFC 6455, 5.2 and 11.8). */
internal object Opcode {
    const val CONTINUATION = 0
    const val TEXT = 1
    const val BINARY = 2
    const val CLOSE = 8
    const val PING = 9
    const val PONG = 10

    /** From here on frames control the connection, and may stand between the fragments of a message. */
    const val FIRST_CONTROL = CLOSE

    fun isDefined(opcode: Int): Boolean = opcode in CONTINUATION..BINARY || opcode in CLOSE..PONG
}
