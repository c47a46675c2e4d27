package dev.wspool.internal

import dev.wspool.BorrowRequest
import dev.wspool.ConnectFailedException
import dev.wspool.ConnectionLostException
import dev.wspool.Lease
import dev.wspool.Message
import dev.wspool.WebSocketPool
import kotlin.coroutines.cancellation.CancellationException
import kotlin.time.Duration

/**
 * A request that is made of a pool: borrows for it, and where that is allowed asks a second time.
 *
 * @property timeout for all until the first message of the answer: the borrow, and both attempts.
 * @property retryStale asks again where a connection that had been lent before is lost with no message in return: most likely it was
 * dead already.
 */
internal class PoolRequest<T>(
    private val pool: WebSocketPool,
    private val message: Message,
    private val timeout: Duration,
    private val retryStale: Boolean,
    private val decode: (Message) -> T,
    private val isReply: (T) -> Boolean,
) {
    private val begun = pool.config.timeSource.markNow()

    private val left: Duration get() = timeout - begun.elapsedNow()

    /** Asks, and has what the answer begins with; [lease] is then to be released. */
    suspend fun ask(): Answer<T> {
        val lease = borrow()
        val exchange = Exchange(lease, decode, isReply)
        return try {
            exchange.askOn(lease)
        } catch (loss: ConnectionLostException) {
            val isStale = retryStale && lease.isReused && !exchange.isHeard && left.isPositive()
            if (isStale) askAgain(lease, loss) else throw loss
        }
    }

    private suspend fun askAgain(lost: Lease, loss: ConnectionLostException): Answer<T> = try {
        val lease = borrowFresh(lost)
        Exchange(lease, decode, isReply).askOn(lease)
    } catch (failure: Throwable) {
        // A failed connect is the same exception for all whom it concerns, and keeps none of theirs.
        if (failure !is CancellationException && failure !is ConnectFailedException) failure.addSuppressed(loss)
        throw failure
    }

    private suspend fun borrow(): Lease = if (timeout.isInfinite()) pool.borrow() else pool.borrow(wait())

    /** Those who have lost one connection together may share the next. */
    private suspend fun borrowFresh(lost: Lease): Lease {
        val request = BorrowRequest(wait(), isFresh = true)
        return if (lost is SharedLease && pool is RealPool) pool.borrow(request, lost.lastDial) else pool.borrow(request)
    }

    private fun wait(): Duration = minOf(left, pool.config.borrowTimeout).coerceAtLeast(Duration.ZERO)

    private suspend fun Exchange<T>.askOn(lease: Lease): Answer<T> = try {
        Answer(lease, this, ask(message, left))
    } catch (failure: Throwable) {
        lease.release() // dirty by what the exchange has left behind
        throw failure
    }
}

/** What came of a [PoolRequest]. */
internal class Answer<T>(val lease: Lease, val exchange: Exchange<T>, val first: T)
