package dev.wspool.internal.diagnostics

import dev.wspool.internal.PooledConnection
import dev.wspool.internal.RealPool
import dev.wspool.internal.machine.NEVER
import dev.wspool.internal.machine.Phase
import dev.wspool.internal.machine.PoolMachine
import dev.wspool.internal.machine.SlotState
import kotlin.time.Duration.Companion.nanoseconds

/** In a turn: what stands between one more caller and a connection, and the setting's name; null where nothing does. */
internal fun RealPool.limitedBy(now: Long): String? = when {
    machine.phase == Phase.CLOSED || machine.phase == Phase.DRAINING -> "the pool's end: it ${if (isClosed) "is closed" else "drains"}"
    machine.phase == Phase.PAUSED -> machine.lifecycle.pausedBy.joinToString(transform = { it.explanation })
    machine.governor.isStopped(now) -> "a failure that trying again does not mend: ${machine.governor.lastFailure?.message}"
    machine.hasRoomToLend -> null
    machine.roster.size >= machine.capacity -> machine.bound()
    else -> dialLimit(now)
}

private val PoolMachine.hasRoomToLend: Boolean get() = roster.idle.last != null || roster.sharing?.isFull == false

/** False where connections only come by themselves. */
internal val PoolMachine.dials: Boolean get() = limits.dials.maxConcurrentConnects > 0

private fun PoolMachine.bound(): String {
    val setting = if (limits.adaptive == null) "maxConnections ($capacity)" else "adaptiveCapacity ($capacity now)"
    val sharing = if (limits.leasesPerConnection > 1) " to ${limits.leasesPerConnection} callers each (leasesPerConnection)" else ""
    val rest = listOf(roster.connecting to "connecting", roster.checking to "being proved", roster.closing to "closing (closeTimeout)")
    val parts = listOf(roster.leased to "leased$sharing") + rest
    return "$setting: " + parts.filter { it.first > 0 }.joinToString { (count, what) -> "$count $what" }
}

private fun RealPool.dialLimit(now: Long): String? {
    val governor = machine.governor
    val connecting = machine.roster.connecting
    val next = governor.permittedFrom(connecting)
    val oldest = connections().filter { it.state == SlotState.CONNECTING }.mapNotNull(PooledConnection::dialledAt).minOrNull()
    val since = oldest?.let { ", the oldest for ${(now - it).nanoseconds.brief}" }.orEmpty()
    return when {
        !machine.dials -> "its clients: none is idle, $connecting are connecting, and it dials none"
        connecting >= machine.limits.dials.maxConcurrentConnects -> "maxConcurrentConnects ($connecting): as many dials are under way$since"
        governor.isBackingOff && connecting > 0 -> "backoff: after a failure one dial goes ahead$since"
        governor.isBackingOff && next > now -> "backoff: the next dial is made in ${(next - now).nanoseconds.brief}"
        next != NEVER && next > now -> "maxConnectsPerSecond: the next dial is made in ${(next - now).nanoseconds.brief}"
        connecting > 0 -> "the server: $connecting ${if (connecting == 1) "dial is" else "dials are"} under way$since (connectTimeout)"
        else -> null
    }
}
