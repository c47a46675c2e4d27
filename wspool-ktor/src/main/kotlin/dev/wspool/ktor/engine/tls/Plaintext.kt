package dev.wspool.ktor.engine.tls

import dev.wspool.ktor.engine.toFill
import dev.wspool.ktor.engine.toRead
import java.nio.ByteBuffer

/** Where records are unwrapped into. Holds a buffer only while somebody has still to take what is in it. For the loop's thread alone. */
internal class Plaintext(private val buffers: TlsBuffers) {
    /** From its position to its limit: what has not been taken. */
    private var held: ByteBuffer? = null

    /** An empty buffer; all that there was has been taken. */
    fun room(): ByteBuffer = (held ?: buffers.take(TlsBuffers.SIZE).also { held = it }).toFill()

    /** The next [room] will have [size] bytes at least. */
    fun grow(size: Int) {
        val larger = maxOf(size, room().capacity() * 2)
        clear()
        held = buffers.take(larger)
    }

    /** True where [onPlain] has taken all that there is and wants more. */
    fun handOut(onPlain: (ByteBuffer) -> Boolean): Boolean {
        val bytes = held?.takeIf { it.hasRemaining() } ?: return true
        val wantsMore = onPlain(bytes)
        check(!wantsMore || !bytes.hasRemaining()) { "bug: more plaintext was asked for with ${bytes.remaining()} bytes not taken" }
        return wantsMore
    }

    /** Puts [bytes], which had been taken out, before all that there is: they are the next receiver's. */
    fun putBack(bytes: ByteArray) {
        val rest = held?.let { ByteArray(it.remaining()).also(it::get) } ?: ByteArray(0)
        clear()
        held = buffers.take(bytes.size + rest.size).put(bytes).put(rest).toRead()
    }

    /** Gives the buffer back where nothing is in it. */
    fun tidy() {
        if (held?.hasRemaining() == false) clear()
    }

    /** Drops what there is. */
    fun clear() {
        held?.let(buffers::give)
        held = null
    }
}
