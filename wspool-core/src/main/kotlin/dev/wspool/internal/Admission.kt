package dev.wspool.internal

import dev.wspool.Lease
import dev.wspool.internal.diagnostics.shortage
import dev.wspool.internal.machine.Demand
import dev.wspool.internal.machine.Refusal
import dev.wspool.internal.machine.plusSpan
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.isActive
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.coroutines.CoroutineContext
import kotlin.time.Duration
import kotlin.time.Duration.Companion.nanoseconds

/**
 * Asks `onBorrow` about each connection before its borrower gets it, in the borrower's own coroutine. A veto closes the
 * connection and puts the borrower back at the head of the queue, with the deadline that he had.
 */
internal class Admission(private val pool: RealPool) {
    private val hooks get() = pool.config.hooks

    suspend fun borrow(context: CoroutineContext, timeout: Long, demand: Demand?): Lease {
        val deadline = pool.now().plusSpan(timeout)
        var lease = PoolBorrower(pool, context, timeout, Wish(demand)).also(pool.mailbox::post).await()
        while (true) {
            val left = (deadline - pool.now()).nanoseconds
            if (!left.isPositive()) {
                lease.returnUnused() // nobody has looked at it
                throw PoolRefused(pool, Refusal.TIMED_OUT, timeout, context, pool.mailbox.ask(pool::shortage), demand).toException()
            }
            if (isAdmitted(lease, left)) return lease
            // Before the veto is told: a pool that drains must know that he waits.
            val again = PoolBorrower(pool, context, timeout, Wish(demand, deadline)).also(pool.mailbox::post)
            lease.reject()
            lease = again.await()
        }
    }

    /** What the hook says of [lease]; of one that it refuses nothing more is expected than [RealLease.reject]. */
    suspend fun isAdmitted(lease: RealLease, left: Duration): Boolean {
        val timeout = hooks.onBorrowTimeout
        return try {
            val verdict = withTimeoutOrNull(minOf(timeout, left)) { hooks.onBorrow!!(lease) }
            if (verdict == null && timeout <= left) {
                pool.background.failed(HookTimeoutException("onBorrow of ${pool.name} was not done within $timeout"))
            }
            verdict == true && lease.isFitToGoOn()
        } catch (failure: Throwable) {
            val borrower = currentCoroutineContext()
            if (!borrower.isActive) { // asked once, as he may be cancelled at any moment: later, the loop finds out
                lease.reject() // the hook was in the middle of something
                borrower.ensureActive()
            }
            pool.background.failed(failure) // a cancellation that is not the borrower's is the hook's own way to fail
            false
        }
    }
}
