package dev.wspool.internal

import dev.wspool.Correlator
import dev.wspool.Message
import dev.wspool.UnsolicitedMessages
import java.util.concurrent.atomic.AtomicLong

/**
 * What the shared connections of a pool have in common. It makes them, too: a pool that has none loads none of their classes, and the
 * compiler can take a lease for what it is.
 */
internal class SharedTraffic(private val pool: RealPool, val correlator: Correlator) {
    private val count = AtomicLong()

    /** How many messages have come that belonged to no lease. */
    val orphans: Long get() = count.get()

    fun newConnection(number: Long): PooledConnection = SharedConnection(pool, this, number)

    /** [message] answers nobody's request. */
    fun orphaned(connection: SharedConnection, message: Message) {
        count.incrementAndGet()
        val policy = pool.config.unsolicitedMessages as? UnsolicitedMessages.Handle ?: return
        if (!pool.unsolicited.hasRoom) return log.debug("{}: a message is dropped, as the handler of unsolicited ones is behind", pool.name)
        pool.mailbox.post { pool.unsolicited.handle(connection, listOf(message), policy) }
    }
}
