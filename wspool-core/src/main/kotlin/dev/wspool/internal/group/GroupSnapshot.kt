package dev.wspool.internal.group

import dev.wspool.EndpointState
import dev.wspool.EndpointStats
import dev.wspool.GroupStats
import dev.wspool.PoolHealth
import dev.wspool.PoolHealth.Status
import dev.wspool.internal.diagnostics.judgeHealth
import dev.wspool.internal.diagnostics.snapshot
import dev.wspool.internal.machine.Phase

/** In a turn: what the group holds and has done. */
internal fun GroupRoom.snapshot(): GroupStats = GroupStats(
    maxConnections = config.maxConnections,
    waiting = machine.waiting,
    borrows = machine.tally.borrows,
    borrowsAtOnce = machine.tally.borrows - machine.tally.borrowsAfterWaiting,
    timedOut = machine.tally.timedOut,
    cancelled = machine.tally.cancelled,
    refused = machine.tally.refused,
    ejections = ejections,
    endpoints = members.map { EndpointStats("${it.endpoint}", it.state, it.pool.snapshot()) },
)

/** In a turn: down where no endpoint serves, degraded where one does not. By key the next one may be served, whatever the others are. */
internal fun GroupRoom.judgeHealth(): PoolHealth {
    if (isClosed) return PoolHealth(Status.Down, listOf("The group is closed."))
    if (machine.phase == Phase.DRAINING) return PoolHealth(Status.Down, listOf("The group drains: it serves nobody who comes."))
    if (machine.phase == Phase.PAUSED) return PoolHealth(Status.Down, listOf("The group is paused: callers wait until it is resumed."))
    val judged = members.filter { it.state != EndpointState.Leaving }.associateWith { it.pool.judgeHealth() }
    if (judged.isEmpty() && !isKeyed) return PoolHealth(Status.Down, listOf("The group has no endpoint."))
    val ofDiscovery = discoveryFailure?.let { "The discovery has failed: endpoints come and go no more." }
    val reasons = listOfNotNull(ofDiscovery) + judged.flatMap { (member, health) ->
        val state = if (member.state == EndpointState.Serving) emptyList() else listOf("It is ${member.state}.")
        (state + health.reasons).map { "${member.endpoint}: $it" }
    }
    val isAnyUp = isKeyed || judged.any { (member, health) -> member.state == EndpointState.Serving && health.status != Status.Down }
    return PoolHealth(if (!isAnyUp) {
        Status.Down
    } else if (reasons.isEmpty()) {
        Status.Up
    } else {
        Status.Degraded
    }, reasons)
}
