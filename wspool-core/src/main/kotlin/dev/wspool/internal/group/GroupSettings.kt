package dev.wspool.internal.group

import dev.wspool.GroupConfig
import dev.wspool.PoolEvent
import dev.wspool.internal.machine.DialLimits
import dev.wspool.internal.machine.GroupLimits
import dev.wspool.internal.machine.NEVER
import dev.wspool.internal.machine.reconfigure
import org.slf4j.event.Level

/** The settings of a group while it runs. */
internal class GroupSettings(private val room: GroupRoom, private val isKeyed: Boolean, config: GroupConfig) {
    @Volatile
    var current: GroupConfig = config
        private set

    val limits: GroupLimits get() = current.toLimits()

    /** All of [change] or, where something is wrong with it, nothing. Not in a turn: what a pool has of its own is the user's to say. */
    fun change(change: GroupConfig.Builder.() -> Unit) = synchronized(this) {
        val changed = current.changed(change)
        val configs = room.mailbox.ask { room.members }.associateWith { changed.of(it.endpoint) }
        val joined = room.mailbox.ask {
            current = changed
            room.machine.reconfigure(limits)
            configs.forEach { (member, config) -> member.pool.become(config) }
            room.tell(Level.INFO) { PoolEvent.Reconfigured(it) }
            room.members - configs.keys
        }
        joined.forEach(::refresh)
    }

    /** [member] was made with settings that may have been changed before it joined. */
    fun refresh(member: GroupMember) {
        while (true) {
            val seen = current
            if (member.madeWith === seen) return
            val config = seen.of(member.endpoint)
            val isDone = room.mailbox.ask {
                if (current === seen) member.pool.become(config)
                current === seen
            }
            if (isDone) return
        }
    }

    private fun GroupConfig.toLimits() = GroupLimits(
        maxConnections = maxConnections,
        maxWaiting = maxWaiting,
        dials = DialLimits(
            maxConcurrentConnects = maxConcurrentConnects,
            connectInterval = (NANOS_PER_SECOND / maxConnectsPerSecond).toLong(),
            connectBurst = maxConnectsPerSecond.toInt().coerceAtLeast(1),
        ),
        patience = connectPatience.inWholeNanoseconds,
        maxMembers = if (isKeyed) maxPools else Int.MAX_VALUE,
        maxEmptyTime = if (isKeyed) maxEmptyTime.inWholeNanoseconds else NEVER,
    )

    private companion object {
        const val NANOS_PER_SECOND = 1e9
    }
}
