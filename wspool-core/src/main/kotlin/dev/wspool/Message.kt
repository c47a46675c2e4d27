package dev.wspool

/** A whole WebSocket message: text or binary. Fragments are put together before it reaches a lease. */
public sealed class Message {
    /** A text message. */
    public class Text(public val text: String) : Message() {
        override fun equals(other: Any?): Boolean = other is Text && other.text == text

        override fun hashCode(): Int = text.hashCode()

        /** Says how long the text is, not what it says: payloads do not belong in logs. */
        override fun toString(): String = "Text(${text.length} chars)"
    }

    /** A binary message. The array is not copied: who sends it must not change it until the send has returned. */
    public class Binary(public val bytes: ByteArray) : Message() {
        override fun equals(other: Any?): Boolean = other is Binary && other.bytes.contentEquals(bytes)

        override fun hashCode(): Int = bytes.contentHashCode()

        /** Says how long the message is, not what it holds. */
        override fun toString(): String = "Binary(${bytes.size} bytes)"
    }
}

internal fun Message.asText(): String = when (this) {
    is Message.Text -> text
    is Message.Binary -> throw UnexpectedMessageException("Expected a text message, got ${bytes.size} bytes of binary", this)
}

internal fun Message.asBinary(): ByteArray = when (this) {
    is Message.Binary -> bytes
    is Message.Text -> throw UnexpectedMessageException("Expected a binary message, got ${text.length} characters of text", this)
}
