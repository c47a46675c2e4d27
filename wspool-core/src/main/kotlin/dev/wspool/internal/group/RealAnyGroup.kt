package dev.wspool.internal.group

import dev.wspool.AnyPoolGroup
import dev.wspool.GroupConfig
import dev.wspool.GroupStats
import dev.wspool.PoolEvent
import dev.wspool.PoolHealth
import dev.wspool.PoolReport
import dev.wspool.internal.diagnostics.makeReport
import kotlinx.coroutines.flow.SharedFlow
import kotlin.time.Duration

/** What both kinds of group show of their [room]. */
internal abstract class RealAnyGroup(val room: GroupRoom) : AnyPoolGroup {
    protected val lending = GroupLending(room)

    override val name: String get() = room.name
    override val config: GroupConfig get() = room.config
    override val stats: GroupStats get() = room.mailbox.ask { room.snapshot() }

    override fun health(): PoolHealth = room.mailbox.ask { room.judgeHealth() }

    override fun reports(): List<PoolReport> = room.mailbox.ask { room.members.map { it.pool.makeReport() } }

    override val events: SharedFlow<PoolEvent> get() = room.events.flow

    override suspend fun drain(timeout: Duration) = room.drain(timeout)

    override fun close() = room.close()

    override suspend fun awaitClosed() = room.awaitClosed()

    override fun toString(): String = "PoolGroup($name)"
}
