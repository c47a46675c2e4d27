package dev.wspool.internal.group

import dev.wspool.EndpointState
import dev.wspool.PoolException
import dev.wspool.internal.diagnostics.limitedBy
import dev.wspool.internal.machine.Call

/** Why a group has nothing to lend, as a turn has found it. */
internal class GroupShortage(val text: String, val lastFailure: PoolException?)

/** In a turn: the group as a whole, and what limits each endpoint that [call] may have, the first few. Others are not his business. */
internal fun GroupRoom.shortage(call: Call): GroupShortage {
    val now = now()
    val his = if (call.isBound) listOfNotNull(call.choice as GroupMember?) else members
    val rows = his.take(MOST_ROWS).map { member ->
        val why = if (member.state == EndpointState.Serving) member.pool.limitedBy(now) ?: "nothing" else "its being ${member.state}"
        "${member.endpoint} limited by $why"
    }
    val rest = his.size - rows.size
    val endpoints = if (rows.isEmpty()) "it has no endpoint${whyNothingIsFound()}" else rows.joinToString("; ")
    val text = "${machine.dials.total} of ${config.maxConnections} connections (maxConnections), ${machine.waiting} waiting; " +
        endpoints + if (rest > 0) "; and $rest more" else ""
    return GroupShortage(text, his.firstNotNullOfOrNull { it.machine.governor.lastFailure as PoolException? })
}

/** Of the failure only its kind: it is the user's, and what its text says nobody knows. */
private fun GroupRoom.whyNothingIsFound() = discoveryFailure?.let { ": its discovery has failed (${it.javaClass.name})" }.orEmpty()

private const val MOST_ROWS = 10
