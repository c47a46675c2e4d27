package dev.wspool.transport

import dev.wspool.Compression
import dev.wspool.MessageTooBigException
import dev.wspool.internal.deflate.Agreement
import dev.wspool.internal.deflate.LARGEST_ARRAY
import dev.wspool.internal.deflate.MessageDeflater
import dev.wspool.internal.deflate.MessageInflater
import dev.wspool.internal.deflate.agree
import dev.wspool.internal.deflate.offer

/**
 * The extension permessage-deflate (RFC 7692) of one connection, for a connector: it does no I/O and knows no frames.
 *
 * The connector sends [offer] as `Sec-WebSocket-Extensions` of the upgrade, and makes an instance of the answer with [accept].
 * A message that [deflate] has made smaller goes out with RSV1 set in its first frame, and only there; a message whose first
 * frame has RSV1 is put together as any other and given to [inflate]. RSV1 elsewhere, or without an instance, breaks the
 * protocol (RFC 7692, 6).
 *
 * Messages are deflated one at a time and inflated one at a time, in the order in which they are on the wire; the two may
 * happen at once, and [close] at any time. What one thread did has to be visible to the next, as it is to a coroutine that
 * moves, or under a lock.
 *
 * Native memory is held while a message is worked on, and beyond that only to take over the context of what is sent.
 */
public class PerMessageDeflate private constructor(
    private val agreement: Agreement,
    private val compression: Compression,
    private val maxMessageSize: Int,
) : AutoCloseable {
    private val deflater = MessageDeflater(agreement.clientTakesOver, compression.level)

    /** Null when closed. */
    @Volatile
    private var inflater: MessageInflater? = MessageInflater(agreement.serverTakesOver, agreement.serverWindowBits, maxMessageSize)

    /**
     * How many bytes the payload of a compressed message may have, for the connector to bound what it puts together. An eighth
     * and a little more than `maxMessageSize`: what cannot be compressed becomes larger, and some peers send it all the same.
     */
    public val maxPayloadSize: Int
        get() = minOf(maxMessageSize + maxMessageSize / LARGEST_GROWTH + SMALLEST_GROWTH, LARGEST_ARRAY.toLong()).toInt()

    /**
     * The payload to send with RSV1 in place of [message], or null where [message] itself is to be sent without: below `minSize`,
     * or not smaller when compressed. What was returned has to be sent, and before the next one, or the peer cannot follow.
     *
     * @throws IllegalStateException where it would be compressed after [close], or while another message is.
     */
    public fun deflate(message: ByteArray): ByteArray? = if (message.size < compression.minSize) null else deflater.deflate(message)

    /**
     * The message whose frames with RSV1 had [payload], all fragments together. Allocates no more than about three times
     * `maxMessageSize` whatever the payload would inflate to. Where this throws the connection has to end.
     *
     * @throws MessageTooBigException where the message is larger than `maxMessageSize`: close with 1009.
     * @throws MalformedMessageException where the payload is not what RFC 7692, 7.2.1, makes: close with 1007.
     * @throws IllegalStateException after [close].
     */
    public fun inflate(payload: ByteArray): ByteArray = checkNotNull(inflater) { "The connection's compression is closed" }.inflate(payload)

    /**
     * Frees what is kept. Idempotent, never waits, and may come from any thread: a message that is being worked on is finished,
     * and then frees what it used.
     */
    override fun close() {
        inflater = null
        deflater.close()
    }

    /** What was agreed on, as the server could have answered it. */
    override fun toString(): String = agreement.toString()

    public companion object {
        private const val LARGEST_GROWTH = 8L
        private const val SMALLEST_GROWTH = 64L

        /** The `Sec-WebSocket-Extensions` that asks a server for [compression]. */
        @JvmStatic
        public fun offer(compression: Compression): String = compression.offer()

        /**
         * What the server has agreed to.
         *
         * @param compression what [offer] was made of.
         * @param answers the values of all `Sec-WebSocket-Extensions` headers of the response.
         * @param maxMessageSize how large an inflated message may be, in bytes.
         * @return null where the server declines: no message is compressed then.
         * @throws ExtensionViolationException where the answer is none that the offer allows: the handshake has failed.
         * @throws IllegalArgumentException where [maxMessageSize] is below 1.
         */
        @JvmStatic
        public fun accept(compression: Compression, answers: List<String>, maxMessageSize: Int): PerMessageDeflate? {
            require(maxMessageSize >= 1) { "maxMessageSize must be at least 1, not $maxMessageSize" }
            return compression.agree(answers)?.let { PerMessageDeflate(it, compression, maxMessageSize) }
        }
    }
}
