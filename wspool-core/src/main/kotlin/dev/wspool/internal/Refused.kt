package dev.wspool.internal

import dev.wspool.BorrowTimeoutException
import dev.wspool.NetworkLostException
import dev.wspool.PoolClosedException
import dev.wspool.PoolException
import dev.wspool.TooManyWaitersException
import dev.wspool.internal.diagnostics.Shortage
import dev.wspool.internal.machine.Demand
import dev.wspool.internal.machine.Refusal
import kotlin.coroutines.CoroutineContext
import kotlin.time.Duration.Companion.nanoseconds

/** Why a borrower gets nothing. Noted in the turn; the exception is made from it after the turn, as that takes its time. */
internal fun interface Refused {
    fun toException(): Throwable
}

/** Why a borrower gets nothing of [pool]. */
internal class PoolRefused(
    private val pool: RealPool,
    private val refusal: Refusal,
    private val timeout: Long,
    private val borrower: CoroutineContext,
    private val shortage: Shortage?,
    private val demand: Demand? = null,
) : Refused {
    override fun toException(): PoolException = when (refusal) {
        Refusal.TIMED_OUT -> BorrowTimeoutException(
            "No connection to ${pool.name} within ${timeout.nanoseconds}: ${shortage?.toldTo(borrower, demand)}",
            shortage?.networkLost(pool) ?: shortage?.lastFailure,
        )
        Refusal.TOO_MANY_WAITING -> TooManyWaitersException(
            "No place in the queue for ${pool.name}: ${pool.config.maxWaiting} may wait (maxWaiting); ${shortage?.toldTo(borrower, demand)}",
            shortage?.lastFailure,
        )
        Refusal.CONNECT_FAILED -> shortage?.lastFailure!! // typed as it came, and the same for all whom it concerns
        Refusal.NO_NETWORK -> NetworkLostException(
            "No connection to ${pool.name} without a network: its NetworkSignal says that there is none, and that callers fail until " +
                "there is (onLoss)",
        )
        Refusal.DRAINING -> PoolClosedException("The pool for ${pool.name} is draining: it lends no more")
        Refusal.CLOSED, Refusal.MEMBER_LEFT -> pool.closedException() // the latter is a group's
    }
}
