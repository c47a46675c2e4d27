package dev.wspool.test

import java.nio.ByteBuffer

/**
 * The server that [ConnectorContract] plays against the connector: does nothing of its own accord, not even answer an
 * upgrade, a ping or a close. [ScriptedPeer] is one on plain sockets; another is needed only where that does not do.
 */
interface ContractPeer : AutoCloseable {
    /** Where it listens: a `ws` or `wss` URL with a path, without user information and query. */
    val url: String

    /** Takes the next connection and upgrades it, with [headers] in the answer beside those of RFC 6455, 4.2.2. */
    suspend fun accept(headers: Map<String, String> = emptyMap()): PeerConnection

    /** Takes the next connection, reads its request and answers it with [status] instead of an upgrade. */
    suspend fun acceptAndRefuse(status: Int, headers: Map<String, String> = emptyMap(), body: String = ""): PeerConnection

    /** Takes the next connection, reads its request and says nothing. */
    suspend fun acceptSilently(): PeerConnection
}

/** One connection of a [ContractPeer]. */
interface PeerConnection {
    /** Request line and headers as they came. */
    val request: String

    /** Sends one frame as it is, allowed or not. */
    suspend fun send(frame: PeerFrame)

    /** The next frame, its mask taken off, or null where the connector has ended the connection, however it did. */
    suspend fun receive(): PeerFrame?

    /** Ends the sending direction: TCP's FIN. */
    suspend fun finish()

    /** Breaks the connection: TCP's RST. */
    suspend fun reset()
}

/** A frame on the wire (RFC 6455, 5.2). */
class PeerFrame(
    val opcode: Int,
    val payload: ByteArray = ByteArray(0),
    val isFinal: Boolean = true,
    val isCompressed: Boolean = false,
) {
    /** The code of a Close frame; 1005 where it has none. */
    val closeCode: Int get() = if (payload.size < 2) 1005 else ByteBuffer.wrap(payload).short.toInt() and 0xFFFF

    /** The reason of a Close frame. */
    val closeReason: String get() = if (payload.size <= 2) "" else String(payload, 2, payload.size - 2, Charsets.UTF_8)

    override fun toString(): String = "frame $opcode of ${payload.size} bytes${if (isFinal) "" else ", more follow"}"

    /** Opcodes, and the frames that are made most. */
    companion object {
        const val CONTINUATION: Int = 0
        const val TEXT: Int = 1
        const val BINARY: Int = 2
        const val CLOSE: Int = 8
        const val PING: Int = 9
        const val PONG: Int = 10

        fun text(text: String): PeerFrame = PeerFrame(TEXT, text.toByteArray())

        fun binary(bytes: ByteArray): PeerFrame = PeerFrame(BINARY, bytes)

        fun ping(payload: String): PeerFrame = PeerFrame(PING, payload.toByteArray())

        fun pong(payload: ByteArray): PeerFrame = PeerFrame(PONG, payload)

        fun close(code: Int, reason: String = ""): PeerFrame = reason.toByteArray().let {
            PeerFrame(CLOSE, ByteBuffer.allocate(2 + it.size).putShort(code.toShort()).put(it).array())
        }
    }
}
