package dev.wspool.internal

import dev.wspool.Lease
import dev.wspool.internal.machine.Ending
import dev.wspool.internal.machine.plusSpan
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.coroutines.cancellation.CancellationException
import kotlin.time.Duration.Companion.nanoseconds

/**
 * Asks `onBorrow` about each connection before its borrower gets it, in the borrower's own coroutine. A veto closes the
 * connection and puts the borrower back at the head of the queue, with the deadline that he had.
 */
internal class Admission(private val pool: RealPool) {
    private val hooks get() = pool.config.hooks

    suspend fun admit(first: RealLease, wish: Wish): Lease {
        val deadline = pool.now().plusSpan(wish.timeout)
        var lease = first
        while (true) {
            if (isAdmitted(lease, deadline)) return lease
            lease.reject()
            val again = Borrower(pool, wish, deadline)
            pool.mailbox.post(again)
            lease = again.await()
        }
    }

    private suspend fun isAdmitted(lease: RealLease, deadline: Long): Boolean {
        val left = (deadline - pool.now()).nanoseconds
        return try {
            withTimeoutOrNull(minOf(hooks.onBorrowTimeout, left)) { hooks.onBorrow!!(lease) } == true
        } catch (failure: Throwable) {
            lease.reject() // also where the borrower is cancelled: the hook was in the middle of something
            if (failure is CancellationException) throw failure
            pool.background.failed(failure)
            false
        }
    }
}
