package dev.wspool.internal

import dev.wspool.internal.machine.pong
import java.nio.ByteBuffer
import kotlin.coroutines.cancellation.CancellationException

/** The pool's own pings of one connection, one at a time; those of its users are [Pongs]. */
internal class Pings(private val connection: PooledConnection) {
    /** When the last pong came, on the pool's clock, or 0. */
    @Volatile
    var pongAt = 0L
        private set

    @Volatile
    private var sentAt = 0L

    /** How long the last pong took, in nanoseconds, or 0. */
    @Volatile
    var lastRoundTrip = 0L
        private set

    suspend fun send() {
        val pool = connection.pool
        sentAt = pool.now()
        try {
            connection.connection.ping(ByteBuffer.allocate(SIZE).putInt(MARK).putLong(sentAt).array())
        } catch (failure: Throwable) {
            if (failure is CancellationException) throw failure
            // Not told: a connection that has ended says so itself, and one that stays silent is found out by that.
            log.debug("{}: {} could not be pinged: {}", pool.name, connection.id, connection.redact(failure.toString()))
        }
    }

    /** A pong has come; false where it does not answer a ping of the pool. */
    fun arrived(payload: ByteArray): Boolean {
        if (payload.size != SIZE) return false
        val content = ByteBuffer.wrap(payload)
        if (content.getInt() != MARK) return false
        val pool = connection.pool
        val now = pool.now()
        pongAt = now
        val answered = content.getLong()
        if (answered in 0..now) {
            pool.gauges.roundTrips.record(now - answered)
            lastRoundTrip = now - answered
        }
        // Whether the machine waits for it only a turn can tell: a connection may come into doubt after its ping was sent.
        if (answered >= sentAt) pool.mailbox.post { pool.machine.pong(connection, now) }
        return true
    }

    private companion object {
        const val MARK = 0x77737031 // "wsp1"
        const val SIZE = Int.SIZE_BYTES + Long.SIZE_BYTES
    }
}
