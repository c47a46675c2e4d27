package dev.wspool.internal.group

import dev.wspool.BorrowTimeoutException
import dev.wspool.PoolClosedException
import dev.wspool.TooManyWaitersException
import dev.wspool.internal.Refused
import dev.wspool.internal.machine.Refusal
import kotlin.time.Duration.Companion.nanoseconds

/** Why a borrower gets nothing of a group. */
internal class GroupRefused(
    private val room: GroupRoom,
    private val refusal: Refusal,
    private val timeout: Long,
    private val shortage: GroupShortage,
) : Refused {
    override fun toException(): Throwable = when (refusal) {
        Refusal.TIMED_OUT -> BorrowTimeoutException(
            "No connection of the group ${room.name} within ${timeout.nanoseconds}: ${shortage.text}",
            shortage.lastFailure,
        )
        Refusal.TOO_MANY_WAITING -> TooManyWaitersException(
            "No place in the queue of the group ${room.name}: ${room.config.maxWaiting} may wait (maxWaiting); ${shortage.text}",
            shortage.lastFailure,
        )
        Refusal.CONNECT_FAILED -> shortage.lastFailure ?: room.closedException()
        Refusal.DRAINING -> PoolClosedException("The group ${room.name} is draining: it lends no more")
        Refusal.CLOSED, Refusal.NO_NETWORK -> room.closedException()
        Refusal.MEMBER_LEFT -> MemberLeftException()
    }
}

/** Never a caller's: the pool of his key goes just now, and he gets one that is made anew. */
internal class MemberLeftException : RuntimeException(null, null, false, false)
