package dev.wspool

import kotlinx.serialization.Serializable

/**
 * What went over a pool's connections since it was made: whole messages, and their payload; of text a byte for each character, so
 * that what is not ASCII counts for less than it is on the wire.
 */
@Serializable
public class TrafficStats internal constructor(
    public val messagesSent: Long,
    public val messagesReceived: Long,
    public val bytesSent: Long,
    public val bytesReceived: Long,
) {
    override fun toString(): String = "$messagesSent messages sent ($bytesSent bytes), $messagesReceived received ($bytesReceived bytes)"
}
