package dev.wspool.internal

import dev.wspool.BorrowRequest
import dev.wspool.internal.machine.Demand
import kotlin.coroutines.CoroutineContext

/** Who borrows, for how long he waits, in nanoseconds, and what he insists on, if anything. */
internal class Wish(val context: CoroutineContext, val timeout: Long, val demand: Demand? = null)

internal fun BorrowRequest.toDemand(): Demand? {
    if (id == null && affinity == null && !minRemainingLifetime.isPositive()) return null
    return Demand(id, affinity?.key, affinity?.isHard == true, minRemainingLifetime.inWholeNanoseconds)
}
