package dev.wspool.internal.diagnostics

import dev.wspool.PoolReport
import dev.wspool.internal.RealPool

/** In a turn: all that there is to say of the pool now. */
internal fun RealPool.makeReport(): PoolReport {
    val now = now()
    return PoolReport(
        pool = name,
        endpoint = endpoint.toString(),
        health = judgeHealth(),
        limitedBy = limitedBy(now),
        stats = snapshot(),
        leases = leases(now),
        waiters = waiters(now),
        connections = connectionReports(now),
        failures = failures(now),
    )
}

internal fun PoolReport.asText(): String = buildString {
    append("Pool ").append(pool)
    if (endpoint != pool) append(" for ").append(endpoint)
    append(": ").append(stats).append("\nHealth: ").append(health)
    if (limitedBy != null) append("\nLimited by ").append(limitedBy).append('.')
    appendRows("Leases", leases)
    appendRows("Waiting", waiters)
    appendRows("Connections", connections)
    appendRows("Failed dials", failures)
}

private fun StringBuilder.appendRows(title: String, rows: List<Any>) {
    if (rows.isEmpty()) return
    append('\n').append(title).append(':')
    rows.forEach { append("\n  ").append(it) }
}
