package dev.wspool.ktor.engine.tls

import java.io.ByteArrayOutputStream
import java.nio.ByteBuffer
import javax.net.ssl.SSLEngine
import kotlin.test.assertEquals
import kotlin.test.assertFalse

/** Drives a layer as a socket does, with the smallest buffer that is allowed. */
internal class TlsClient(val engine: SSLEngine) {
    val buffers = TlsBuffers()
    val layer = TlsLayer(engine, buffers)
    private val plain = ByteArrayOutputStream()

    /** All plaintext that has come. */
    val received: ByteArray get() = plain.toByteArray()

    /** Why the layer has returned, each time. */
    val outcomes = ArrayList<Received>()

    /** What takes plaintext. */
    var onPlain: (ByteBuffer) -> Boolean = { take(it) }

    fun take(bytes: ByteBuffer, most: Int = bytes.remaining()): Boolean {
        repeat(most) { plain.write(bytes.get().toInt()) }
        return !bytes.hasRemaining()
    }

    /** Takes [bytes] in pieces of the sizes that [split] says; what it has to say to that. */
    fun answer(bytes: ByteArray, split: () -> Int = { Int.MAX_VALUE }): ByteArray {
        val said = ByteArrayOutputStream()
        var at = 0
        do {
            val end = minOf(at.toLong() + split(), bytes.size.toLong()).toInt()
            said.write(piece(ByteBuffer.wrap(bytes.copyOfRange(at, end))))
            at = end
        } while (at < bytes.size)
        return said.toByteArray()
    }

    private fun piece(bytes: ByteBuffer): ByteArray {
        val said = ByteArrayOutputStream()
        while (true) {
            val outcome = layer.receive(bytes, onPlain)
            outcomes += outcome
            assertFalse(bytes.hasRemaining(), "not all was taken")
            when (outcome) {
                Received.Task -> layer.delegatedTask()!!.run()
                Received.Wrap -> said.write(say())
                else -> return said.toByteArray()
            }
        }
    }

    /** Wraps [bytes] and what else there is to say. */
    fun say(bytes: ByteArray = ByteArray(0)): ByteArray {
        val said = ByteArrayOutputStream()
        val source = ByteBuffer.wrap(bytes)
        val room = ByteBuffer.allocate(layer.packetSize)
        do {
            val outcome = layer.wrap(source, room.clear())
            said.write(room.array(), 0, room.position())
        } while (outcome == Wrapped.Full)
        return said.toByteArray()
    }

    /** Shakes hands with [server], and takes all that it says then, as session tickets. */
    fun shakeHands(server: TlsServer, split: () -> Int = { Int.MAX_VALUE }): TlsClient {
        var said = answer(ByteArray(0))
        while (said.isNotEmpty()) said = answer(server.answer(said), split)
        return this
    }

    /** An idle connection has no buffer. */
    fun assertIdle() = assertEquals(0, buffers.taken, "buffers are held")
}
