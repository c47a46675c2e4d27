package dev.wspool.internal.diagnostics

import dev.wspool.ConnectionReport
import dev.wspool.FailureReport
import dev.wspool.LeaseReport
import dev.wspool.WaiterReport
import dev.wspool.internal.Borrower
import dev.wspool.internal.PooledConnection
import dev.wspool.internal.RealPool
import dev.wspool.internal.SharedConnection
import dev.wspool.internal.machine.Demand
import dev.wspool.internal.machine.NEVER
import dev.wspool.internal.machine.Slot
import dev.wspool.internal.machine.SlotState
import kotlinx.coroutines.CoroutineName
import kotlin.coroutines.CoroutineContext
import kotlin.time.Duration
import kotlin.time.Duration.Companion.nanoseconds

// The rows of a report. All in a turn.

internal fun RealPool.connections(): List<PooledConnection> = machine.roster.slots.map { it as PooledConnection }

/** The contexts in which all leases are held that are out, as far as they are known. */
internal fun RealPool.holders(): List<CoroutineContext> = connections().flatMap(::holdersOf)

private fun holdersOf(connection: PooledConnection): List<CoroutineContext> = when {
    connection.state != SlotState.LEASED -> emptyList()
    connection is SharedConnection -> connection.switchboard.present.map { it.holder }
    else -> listOfNotNull(connection.holder)
}

internal fun RealPool.leases(now: Long): List<LeaseReport> = leasesOf(connections().filter { it.state == SlotState.LEASED }, now)

/** The [most] longest; of the others nothing is made, as callers are refused by the thousand where a pool is too small. */
internal fun RealPool.longestLeases(now: Long, most: Int): List<LeaseReport> {
    val leased = connections().filterTo(ArrayList()) { it.state == SlotState.LEASED }
    val longest = ArrayList<PooledConnection>(most)
    while (longest.size < most) {
        val next = leased.minByOrNull { if (it.since == Slot.UNSTAMPED) now else it.since } ?: break
        leased -= next
        longest += next
    }
    return leasesOf(longest, now).take(most)
}

private fun leasesOf(connections: List<PooledConnection>, now: Long) = connections
    .flatMap { connection -> holdersOf(connection).map { leaseReport(connection, it, now) } }
    .sortedByDescending(LeaseReport::heldFor)

private fun leaseReport(connection: PooledConnection, holder: CoroutineContext, now: Long): LeaseReport {
    val borrowing = holder[Borrowing]
    val since = borrowing?.lentAt?.takeIf { it != NEVER } ?: connection.since
    return LeaseReport(connection.id.value, holder[CoroutineName]?.name, borrowing?.site?.toString(), since(since, now))
}

private fun since(time: Long, now: Long): Duration = if (time == Slot.UNSTAMPED) Duration.ZERO else (now - time).nanoseconds

internal fun RealPool.waiters(now: Long): List<WaiterReport> = buildList {
    machine.queue.forEach { ticket ->
        val borrower = ticket as Borrower
        val borrowing = borrower.context[Borrowing]
        val askedAt = borrowing?.askedAt ?: (borrower.dueAt - borrower.timeout).takeIf { borrower.dueAt != NEVER }
        val waitedFor = askedAt?.let { (now - it).nanoseconds }
        val wanted = borrower.demand?.wanted(isAdmitting = !machine.dials)
        add(WaiterReport(borrower.context[CoroutineName]?.name, borrowing?.site?.toString(), waitedFor, wanted))
    }
}

/**
 * Of a key nothing is said: it may be a user's name, or a secret.
 *
 * @param isAdmitting whether connections come by themselves, and a key says whose they are.
 */
internal fun Demand.wanted(isAdmitting: Boolean): String = when {
    id != null -> "connection $id"
    isFresh -> "a fresh one"
    key != null && isAdmitting -> "a connection of his key's owner"
    key != null -> if (isHard) "the one that served his key (hard affinity)" else "the one that served his key, if it can be had"
    else -> "one with ${minRemaining.nanoseconds.brief} of its life left"
}

/** How that is asked for. */
internal val Demand.asking: String
    get() = "BorrowRequest." + when {
        id != null -> "id, for which nothing is dialled"
        isFresh -> "isFresh"
        key != null -> "affinity"
        else -> "minRemainingLifetime"
    }

internal fun RealPool.connectionReports(now: Long): List<ConnectionReport> =
    connections().sortedBy { it.number }.map { connectionReport(it, now) }

internal fun connectionReport(connection: PooledConnection, now: Long): ConnectionReport = with(connection) {
    val state = when (state) {
        SlotState.CONNECTING -> ConnectionReport.State.Connecting
        SlotState.CHECKING -> ConnectionReport.State.Checking
        SlotState.IDLE -> ConnectionReport.State.Idle
        SlotState.LEASED -> ConnectionReport.State.Leased
        else -> ConnectionReport.State.Closing
    }
    val isOpening = state == ConnectionReport.State.Connecting
    ConnectionReport(
        id = id.value,
        state = state,
        age = if (isOpening) Duration.ZERO else openTime,
        uses = use,
        since = if (isOpening) since(dialledAt ?: now, now) else since(since, now),
        roundTrip = pings.lastRoundTrip.takeIf { it > 0 }?.nanoseconds,
        phase = dialPhase?.isNotDone?.takeIf { isOpening },
    )
}

internal fun RealPool.failures(now: Long): List<FailureReport> =
    gauges.outcomes.lastFailures.map { FailureReport((now - it.at).nanoseconds, it.failure.message.orEmpty()) }
