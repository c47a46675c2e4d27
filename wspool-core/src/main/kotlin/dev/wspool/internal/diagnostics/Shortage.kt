package dev.wspool.internal.diagnostics

import dev.wspool.ConnectionReport
import dev.wspool.FailureReport
import dev.wspool.LeaseReport
import dev.wspool.NetworkLostException
import dev.wspool.PoolException
import dev.wspool.internal.PooledConnection
import dev.wspool.internal.RealPool
import dev.wspool.internal.java.callingThread
import dev.wspool.internal.machine.Demand
import dev.wspool.internal.machine.PauseCause
import dev.wspool.internal.machine.SlotState
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlin.coroutines.CoroutineContext

/** What a pool was doing when it had nothing to lend: facts of one moment, for the text of an error; see [shortage]. */
internal class Shortage(
    private val leased: Int,
    private val leasesPerConnection: Int,
    private val connecting: Int,
    private val closing: Int,
    private val waiting: Int,
    private val maxConnections: Int,
    private val isWithoutNetwork: Boolean,
    private val isSpokenFirst: Boolean,
    private val isAdmitting: Boolean,
    private val limitedBy: String?,
    private val leases: List<LeaseReport>,
    private val dials: List<ConnectionReport>,
    private val failures: List<FailureReport>,
    private val holders: List<CoroutineContext>,
    val lastFailure: PoolException?,
) {
    /** What kept the caller waiting, where that was the network. */
    fun networkLost(pool: RealPool): NetworkLostException? = if (isWithoutNetwork) {
        NetworkLostException("There is no network for ${pool.name}, as its NetworkSignal says")
    } else {
        null
    }

    /** As it is to be told to who has asked in [borrower], for what [demand] says. */
    fun toldTo(borrower: CoroutineContext, demand: Demand?): String = buildString {
        append(leased).append(" of ").append(maxConnections).append(" leased (maxConnections), ")
        if (leasesPerConnection > 1) append("each to ").append(leasesPerConnection).append(" callers at most (leasesPerConnection), ")
        append(connecting).append(" connecting, ")
        if (closing > 0) append(closing).append(" closing, ")
        append(waiting).append(" waiting.")
        leases.firstOrNull()?.let { longest ->
            append(" Longest lease: ").append(longest.heldFor.inWholeSeconds).append('s')
            append(borrowed(longest.coroutine, longest.site)).append('.')
        }
        append(" Last connect failure: ").append(lastFailure?.message ?: "none").append('.')
        if (isSpokenFirst) append(" Connections are closed, as ").append(SPOKE_FIRST_ADVICE).append('.')
        if (limitedBy != null) append(" Limited by ").append(limitedBy).append('.')
        if (demand != null) append(" This caller asked for ${demand.wanted(isAdmitting)} (${demand.asking}).")
        if (leases.size > 1) appendList("Leases", leases, leased)
        if (dials.isNotEmpty()) appendList("Dials", dials, connecting)
        if (failures.size > 1) appendList("Failed dials", failures, failures.size)
        val own = holders.count { it.isOf(borrower) }
        if (own > 0) append(" This caller holds ").append(own).append(" of the leases itself: who waits for himself waits in vain.")
        val ofThread = borrower.callingThread?.let { thread -> holders.count { it.callingThread === thread } } ?: 0
        if (ofThread > 0) append(" This thread has borrowed ").append(ofThread).append(OF_THREAD)
    }

    private fun StringBuilder.appendList(title: String, rows: List<Any>, count: Int) {
        append(" ").append(title).append(": ").append(rows.joinToString("; "))
        if (count > rows.size) append("; and ").append(count - rows.size).append(" more")
        append('.')
    }

    internal companion object {
        const val SPOKE_FIRST_ADVICE =
            "the server speaks before anybody has asked: read its greeting in onConnect, or set unsolicitedMessages"
        const val MOST_ROWS = 3

        /** A thread, other than a coroutine, does not end: it may have given them to another one. */
        private const val OF_THREAD = " of the leases: where it holds them still, it waits for itself in vain."
    }
}

/** True where the holder is the [borrower], or a coroutine that waits for it: neither goes on before the other. */
@OptIn(ExperimentalCoroutinesApi::class)
private fun CoroutineContext.isOf(borrower: CoroutineContext): Boolean {
    val holder = this[Job] ?: return false
    return generateSequence(borrower[Job]) { it.parent }.any { it === holder }
}

/** In a turn: why there is nothing to lend. */
internal fun RealPool.shortage(): Shortage = with(machine) {
    val now = now()
    val dials = roster.slots.filter { it.state == SlotState.CONNECTING }.sortedBy { it.number }.take(Shortage.MOST_ROWS)
    Shortage(
        leased = roster.leased,
        leasesPerConnection = limits.leasesPerConnection,
        connecting = roster.connecting,
        closing = roster.closing,
        waiting = queue.size,
        maxConnections = capacity,
        isWithoutNetwork = PauseCause.NETWORK in lifecycle.pausedBy,
        isSpokenFirst = governor.unsolicitedInARow > 0,
        isAdmitting = !machine.dials,
        limitedBy = limitedBy(now),
        leases = longestLeases(now, Shortage.MOST_ROWS),
        dials = dials.map { connectionReport(it as PooledConnection, now) },
        failures = failures(now).take(Shortage.MOST_ROWS),
        holders = holders(),
        // How a client's handshake went is no reason to refuse anybody, so the governor does not know of it.
        lastFailure = (if (machine.dials) governor.lastFailure else gauges.outcomes.lastFailures.firstOrNull()?.failure) as PoolException?,
    )
}
