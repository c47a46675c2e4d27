package dev.wspool.internal

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineDispatcher
import java.nio.ByteBuffer
import kotlin.coroutines.EmptyCoroutineContext

/** Pings that wait for their pong, by the number in their payload. */
internal class Pongs(private val outside: CoroutineDispatcher) {
    private val waiting = HashMap<Long, CompletableDeferred<Unit>>()
    private var lastNumber = 0L
    private var end: Throwable? = null

    /** A ping to be sent, and what its pong completes. Call [forget] when it is no longer waited for. */
    class Ping(val number: Long, val pong: CompletableDeferred<Unit>) {
        val payload: ByteArray get() = ByteBuffer.allocate(Long.SIZE_BYTES).putLong(number).array()
    }

    fun expect(): Ping = synchronized(this) {
        end?.let { throw it }
        val ping = Ping(++lastNumber, CompletableDeferred())
        waiting[ping.number] = ping.pong
        ping
    }

    fun forget(ping: Ping): Unit = synchronized(this) { waiting.remove(ping.number) }

    /** A pong has come. One that nobody asked for is legal (RFC 6455, 5.5.3) and means nothing. */
    fun arrived(payload: ByteArray) {
        if (payload.size != Long.SIZE_BYTES) return
        val number = ByteBuffer.wrap(payload).getLong()
        val pong = synchronized(this) { waiting.remove(number) } ?: return
        tell { pong.complete(Unit) }
    }

    /** No pong will come any more. */
    fun end(why: Throwable) {
        synchronized(this) { end = end ?: why }
        fail(why)
    }

    /** Who waits now is told [why] he waits in vain. */
    fun fail(why: Throwable) {
        val all = synchronized(this) { waiting.values.toList().also { waiting.clear() } }
        if (all.isNotEmpty()) tell { all.forEach { it.completeExceptionally(why) } }
    }

    /** Who has no dispatcher runs on in the thread that tells him, and may block it. */
    private fun tell(action: () -> Unit) = outside.dispatch(EmptyCoroutineContext) { action() }
}
