package dev.wspool.ktor.engine.link

import dev.wspool.Message
import dev.wspool.ktor.engine.codec.Opcode
import dev.wspool.ktor.engine.loop.NioSocket
import dev.wspool.transport.PerMessageDeflate
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock

/**
 * Sends messages, each whole among the others. One that fits into [maxBytesInFlight] and finds room goes out at once; a
 * larger one goes as fragments, so that a ping, pong or Close waits for one of them and not for the message.
 *
 * All functions that return a Boolean return false where the connection has ended.
 */
internal class LinkWriter(private val socket: NioSocket, private val maxBytesInFlight: Int, private val deflate: PerMessageDeflate?) {
    /** Held by who sends in pieces, or waits for room. Made for the first of these. */
    @Volatile
    private var turn: Mutex? = null

    /** Cancelled, it has sent the whole message, or none of it, or has aborted the connection. */
    suspend fun send(message: Message): Boolean = when (message) {
        is Message.Text -> send(Opcode.TEXT, message.text.encodeToByteArray())
        is Message.Binary -> send(Opcode.BINARY, message.bytes)
    }

    private suspend fun send(opcode: Int, bytes: ByteArray): Boolean {
        if (deflate != null || bytes.size > maxBytesInFlight) return sendInTurn(opcode, bytes)
        var isRoomy = false
        var isTooMuch = false
        val isSent = socket.write { outbox ->
            isRoomy = turn?.isLocked != true && outbox.size < maxBytesInFlight
            val isPut = !isRoomy || outbox.putFrame(opcode, bytes, 0, bytes.size, isFinal = true, isCompressed = false)
            isTooMuch = outbox.size > maxBytesInFlight
            isPut
        }
        if (!isSent) return false
        if (!isRoomy) return sendInTurn(opcode, bytes)
        // Not asked else: the peer may have answered with a Close by now, and what was sent was sent.
        return !isTooMuch || socket.awaitAtMost(maxBytesInFlight)
    }

    private suspend fun sendInTurn(opcode: Int, bytes: ByteArray): Boolean = turn().withLock {
        if (!socket.awaitAtMost(maxBytesInFlight - 1)) return false
        val compressed = try {
            deflate?.deflate(bytes)
        } catch (_: IllegalStateException) {
            return false // it is closed, with the connection
        }
        FragmentWriter(socket, maxBytesInFlight).send(opcode, compressed ?: bytes, isFinal = true, isCompressed = compressed != null)
    }

    private fun turn(): Mutex = turn ?: synchronized(this) { turn ?: Mutex().also { turn = it } }

    fun ping(payload: ByteArray): Boolean = socket.write { it.putControl(Opcode.PING, payload) }

    /** A peer that pings and does not read is not answered: what it will find when it reads on is proof enough. */
    fun pong(payload: ByteArray): Boolean = socket.write { it.size > maxBytesInFlight || it.putControl(Opcode.PONG, payload) }

    /** Puts a Close behind what was sent. */
    fun close(payload: ByteArray): Boolean = socket.write { it.putClose(Opcode.CLOSE, payload) }

    /** Puts a Close in place of what has not begun to go out. */
    fun closeNow(payload: ByteArray): Boolean = socket.write {
        it.dropUnbegun()
        it.putClose(Opcode.CLOSE, payload)
    }

    /** Returns when all is written, or the connection has ended. */
    suspend fun flush() {
        socket.awaitAtMost(0)
    }
}
