package dev.wspool.ktor.internal

import dev.wspool.Message
import dev.wspool.MessageTooBigException
import dev.wspool.transport.MalformedMessageException
import dev.wspool.transport.PerMessageDeflate
import java.io.ByteArrayOutputStream

/** Makes messages of the payloads of frames. Control frames stand between them, and are none of its business. */
internal class MessageAssembler(private val maxMessageSize: Int, private val deflate: PerMessageDeflate? = null) {
    private var unfinished: ByteArrayOutputStream? = null

    /** What the first frame of the message said. */
    private var isCompressed = false

    /** True where no message has begun that is not whole. */
    val isBetweenMessages: Boolean get() = unfinished == null

    /**
     * The message that [payload] completes, or null where it goes on.
     *
     * @param isRsv1 whether the frame says that it is compressed, as the first of a message alone may (RFC 7692, 6).
     * @throws Violation where the message is too big, or malformed.
     */
    fun add(payload: ByteArray, isText: Boolean, isFinal: Boolean, isRsv1: Boolean): Message? {
        if (isBetweenMessages) isCompressed = isRsv1
        val whole = joined(payload, isFinal) ?: return null
        val bytes = if (isCompressed) inflated(whole) else whole
        return if (isText) Message.Text(textOf(bytes)) else Message.Binary(bytes)
    }

    private fun inflated(payload: ByteArray): ByteArray = try {
        deflate!!.inflate(payload)
    } catch (_: MessageTooBigException) {
        throw tooBig(maxMessageSize)
    } catch (malformed: MalformedMessageException) {
        throw notDeflated(malformed)
    }

    /** The payload of all fragments, or null where there are more to come. */
    private fun joined(payload: ByteArray, isFinal: Boolean): ByteArray? {
        val before = unfinished
        val bound = if (isCompressed) deflate!!.maxPayloadSize else maxMessageSize
        if (payload.size.toLong() + (before?.size() ?: 0) > bound) throw tooBig(maxMessageSize)
        if (before == null && isFinal) return payload
        val all = before ?: ByteArrayOutputStream(minOf(payload.size * 2L, bound.toLong()).toInt()).also { unfinished = it }
        all.write(payload, 0, payload.size)
        if (!isFinal) return null
        unfinished = null
        return all.toByteArray()
    }
}

/** The text of the whole message, as a fragment may end within a character. */
private fun textOf(bytes: ByteArray): String {
    val text = bytes.decodeToString()
    // The fast way replaces what is malformed; where the replacement occurs, ask whether the peer had sent it.
    if (REPLACEMENT in text) {
        try {
            bytes.decodeToString(throwOnInvalidSequence = true)
        } catch (_: CharacterCodingException) {
            throw notUtf8()
        }
    }
    return text
}

private const val REPLACEMENT = '\uFFFD'
