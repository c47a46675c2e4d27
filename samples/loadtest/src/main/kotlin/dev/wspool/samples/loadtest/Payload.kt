package dev.wspool.samples.loadtest

import dev.wspool.Message
import java.io.File
import java.io.IOException
import java.nio.ByteBuffer
import java.nio.charset.CharacterCodingException
import java.util.Locale
import java.util.concurrent.atomic.AtomicLong
import kotlin.random.Random

/**
 * What is sent as a request.
 *
 * @property description of it, for people.
 */
class Payload private constructor(val description: String, private val make: () -> Message) {
    fun next(): Message = make()

    companion object {
        private const val GENERATED_SIZE = 4_096
        private const val LARGEST_FILE = 16L shl 20

        /** No two are alike, so that a reply tells whose it is. */
        fun generated(): Payload {
            val numbers = AtomicLong()
            return Payload("${size(GENERATED_SIZE)} of binary, each different") {
                val number = numbers.incrementAndGet()
                Message.Binary(ByteBuffer.wrap(Random(number).nextBytes(GENERATED_SIZE)).putLong(number).array())
            }
        }

        /** The contents of [file]: as text where they are UTF-8, as binary otherwise. */
        fun of(file: File): Payload {
            if (file.length() > LARGEST_FILE) throw IOException("$file has more than ${size(LARGEST_FILE)}")
            val bytes = file.readBytes()
            val text = textOf(bytes)
            val message = if (text == null) Message.Binary(bytes) else Message.Text(text)
            return Payload("${size(bytes.size)} of ${if (text == null) "binary" else "text"} from ${file.name}") { message }
        }

        private fun textOf(bytes: ByteArray): String? = try {
            Charsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString()
        } catch (_: CharacterCodingException) {
            null
        }

        private fun size(bytes: Number) = String.format(Locale.ROOT, "%,d bytes", bytes.toLong())
    }
}
