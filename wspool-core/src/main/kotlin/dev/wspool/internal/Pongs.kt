package dev.wspool.internal

import dev.wspool.transport.Connection
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.withTimeoutOrNull
import java.nio.ByteBuffer
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.time.Duration
import kotlin.time.Duration.Companion.nanoseconds

/** Pings that wait for their pong, by the number in their payload. */
internal class Pongs(private val outside: CoroutineDispatcher) {
    private var waiting: HashMap<Long, Ping>? = null // most connections are never pinged by their users
    private var lastNumber = 0L
    private var end: Throwable? = null

    /** A ping to be sent, and what its pong completes. Call [forget] when it is no longer waited for. */
    class Ping(val number: Long, val lease: RealLease) {
        val pong = CompletableDeferred<Unit>()
        val payload: ByteArray get() = ByteBuffer.allocate(Long.SIZE_BYTES).putLong(number).array()
    }

    /** Has [engine] send a ping for [lease], and returns how long its pong took; null where none came within [timeout]. */
    suspend fun ping(lease: RealLease, engine: Connection, timeout: Duration): Duration? {
        val ping = expect(lease)
        val pool = lease.connection.pool
        val sentAt = pool.now()
        try {
            return withTimeoutOrNull(timeout) {
                engine.ping(ping.payload)
                ping.pong.await()
                (pool.now() - sentAt).nanoseconds
            }
        } finally {
            forget(ping)
        }
    }

    fun expect(lease: RealLease): Ping = synchronized(this) {
        end?.let { throw it }
        val ping = Ping(++lastNumber, lease)
        val all = waiting ?: HashMap<Long, Ping>().also { waiting = it }
        all[ping.number] = ping
        ping
    }

    fun forget(ping: Ping): Unit = synchronized(this) { waiting?.remove(ping.number) }

    /** A pong has come. One that nobody asked for is legal (RFC 6455, 5.5.3) and means nothing. */
    fun arrived(payload: ByteArray) {
        if (payload.size != Long.SIZE_BYTES) return
        val number = ByteBuffer.wrap(payload).getLong()
        val ping = synchronized(this) { waiting?.remove(number) } ?: return
        tell { ping.pong.complete(Unit) }
    }

    /** No pong will come any more. */
    fun end(why: Throwable) {
        synchronized(this) { end = end ?: why }
        fail(why) { true }
    }

    /** [lease] has ended: its pings, and not those of the next, which may be under way already, are told [why]. */
    fun expel(lease: RealLease, why: Throwable) = fail(why) { it.lease === lease }

    private inline fun fail(why: Throwable, condition: (Ping) -> Boolean) {
        val failing = synchronized(this) {
            val all = waiting ?: return
            all.values.filter(condition).onEach { all.remove(it.number) }
        }
        if (failing.isNotEmpty()) tell { failing.forEach { it.pong.completeExceptionally(why) } }
    }

    /** Who has no dispatcher runs on in the thread that tells him, and may block it. */
    private fun tell(action: () -> Unit) = outside.dispatch(EmptyCoroutineContext) { action() }
}
