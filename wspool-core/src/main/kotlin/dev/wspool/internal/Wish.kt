package dev.wspool.internal

import dev.wspool.BorrowRequest
import dev.wspool.internal.machine.Demand

/**
 * What a borrower asks beyond a connection within his time; most ask nothing.
 *
 * @property demand what he insists on, if anything.
 * @property deadline where he was served before and the connection was vetoed: he keeps the deadline that he had. Else null.
 */
internal class Wish(val demand: Demand?, val deadline: Long? = null)

/** @param freshFrom the number of a dial: what is dialled after it is fresh, too, whoever has had it. */
internal fun BorrowRequest.toDemand(freshFrom: Long): Demand? {
    if (id == null && affinity == null && !minRemainingLifetime.isPositive() && !isFresh) return null
    return Demand(id, affinity?.key, affinity?.isHard == true, minRemainingLifetime.inWholeNanoseconds, isFresh, freshFrom)
}
