package dev.wspool.internal.group

import dev.wspool.AnyPoolGroup
import dev.wspool.GroupConfig
import dev.wspool.GroupStats
import dev.wspool.PoolEvent
import dev.wspool.PoolHealth
import dev.wspool.PoolReport
import dev.wspool.internal.diagnostics.makeReport
import dev.wspool.internal.machine.Ending
import dev.wspool.internal.machine.Phase
import dev.wspool.internal.machine.PoolMachine
import dev.wspool.internal.machine.evictIdle
import dev.wspool.internal.machine.pause
import dev.wspool.internal.machine.resume
import dev.wspool.internal.machine.retireAll
import kotlinx.coroutines.flow.SharedFlow
import org.slf4j.event.Level
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

    override fun reconfigure(change: GroupConfig.Builder.() -> Unit) = room.settings.change(change)

    override fun evictIdle() = ofEach { evictIdle(it) }

    override fun reset() = ofEach { retireAll(Ending.RESET, dialsToo = false, it) }

    override fun rotateCredentials() = ofEach { retireAll(Ending.ROTATED, dialsToo = true, it) }

    private inline fun ofEach(crossinline command: PoolMachine.(now: Long) -> Unit) = room.mailbox.post {
        val now = room.now()
        for (member in room.members) member.machine.command(now)
    }

    override fun pause() = room.mailbox.post {
        if (room.machine.phase == Phase.OPEN) room.tell(Level.INFO) { PoolEvent.Paused(it) }
        room.machine.pause()
    }

    override fun resume() = room.mailbox.post {
        if (room.machine.phase == Phase.PAUSED) room.tell(Level.INFO) { PoolEvent.Resumed(it) }
        room.machine.resume(room.now())
    }

    override suspend fun drain(timeout: Duration) = room.drain(timeout)

    override fun close() = room.close()

    override suspend fun awaitClosed() = room.awaitClosed()

    override fun toString(): String = "PoolGroup($name)"
}
