package dev.wspool.internal.diagnostics

import dev.wspool.Message
import dev.wspool.TrafficStats
import java.util.concurrent.atomic.LongAdder

/** Counts what goes over a pool's connections; by the pool, as thousands of connections may lie idle. */
internal class Traffic {
    private val messagesSent = LongAdder()
    private val messagesReceived = LongAdder()
    private val bytesSent = LongAdder()
    private val bytesReceived = LongAdder()

    fun sent(message: Message) {
        messagesSent.increment()
        bytesSent.add(message.size)
    }

    fun received(message: Message) {
        messagesReceived.increment()
        bytesReceived.add(message.size)
    }

    fun stats() = TrafficStats(messagesSent.sum(), messagesReceived.sum(), bytesSent.sum(), bytesReceived.sum())

    /** A character may be up to three bytes; to count them would take as long as to send them. */
    private val Message.size: Long
        get() = when (this) {
            is Message.Text -> text.length
            is Message.Binary -> bytes.size
        }.toLong()
}
