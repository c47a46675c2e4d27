package dev.wspool.internal.group

import dev.wspool.BorrowTimeoutException
import dev.wspool.EndpointState
import dev.wspool.PoolClosedException
import dev.wspool.PoolException
import dev.wspool.TooManyWaitersException
import dev.wspool.internal.Refused
import dev.wspool.internal.diagnostics.limitedBy
import dev.wspool.internal.machine.Refusal
import kotlin.time.Duration.Companion.nanoseconds

/** Why a group has nothing to lend, as a turn has found it. */
internal class GroupShortage(val text: String, val lastFailure: PoolException?)

/** In a turn: the group as a whole, and what limits each endpoint, the first few. */
internal fun GroupRoom.shortage(): GroupShortage {
    val now = now()
    val rows = members.take(MOST_ROWS).map { member ->
        val why = if (member.state == EndpointState.Serving) member.pool.limitedBy(now) ?: "nothing" else "its being ${member.state}"
        "${member.endpoint} limited by $why"
    }
    val rest = members.size - rows.size
    val text = "${machine.dials.total} of ${config.maxConnections} connections (maxConnections), ${machine.waiting} waiting; " +
        if (rows.isEmpty()) "it has no endpoint" else rows.joinToString("; ") + if (rest > 0) "; and $rest more" else ""
    return GroupShortage(text, members.firstNotNullOfOrNull { it.machine.governor.lastFailure as PoolException? })
}

private const val MOST_ROWS = 10

/** Why a borrower gets nothing of a group. */
internal class GroupRefused(
    private val room: GroupRoom,
    private val refusal: Refusal,
    private val timeout: Long,
    private val shortage: GroupShortage,
) : Refused {
    override fun toException(): PoolException = when (refusal) {
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
    }
}
