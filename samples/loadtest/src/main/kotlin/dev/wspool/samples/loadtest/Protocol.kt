package dev.wspool.samples.loadtest

import dev.wspool.Message
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.Json
import java.util.zip.CRC32

/** The first message on a connection, the server's: what it calls this connection. */
@Serializable
class Greeting(@SerialName("connection_id") val connectionId: String)

/**
 * The last message of a reply, and the only one of it that is text.
 *
 * @property frames how many came before.
 * @property crc32 of the request that they answer, so that a reply that belongs to somebody else is noticed.
 */
@Serializable
class EndOfReply(val frames: Int, val crc32: String) {
    companion object {
        /** @throws WrongReplyException where [text] is no such thing. */
        fun parse(text: String): EndOfReply = try {
            lenient.decodeFromString<EndOfReply>(text)
        } catch (_: SerializationException) {
            throw WrongReplyException("a text in a reply must be its end, {\"frames\": …, \"crc32\": …}, and is not")
        } catch (_: IllegalArgumentException) {
            throw WrongReplyException("the end of a reply must be {\"frames\": …, \"crc32\": …}, and lacks something")
        }
    }
}

/** A server may say more than we know of. */
val lenient = Json { ignoreUnknownKeys = true }

/** As eight hexadecimal digits. */
fun CRC32.text(): String = value.toInt().toHexString()

fun crc32(message: Message): String = CRC32().apply {
    update(
        when (message) {
            is Message.Binary -> message.bytes
            is Message.Text -> message.text.encodeToByteArray()
        },
    )
}.text()
