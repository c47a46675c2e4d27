package dev.wspool.internal.diagnostics

import dev.wspool.DestroyReason
import dev.wspool.PoolEvent
import dev.wspool.internal.RealPool
import dev.wspool.internal.log
import org.slf4j.event.Level

/**
 * One line in the log for each event, at the level that an operator would choose: what a pool does all day is DEBUG, or INFO where
 * [dev.wspool.Diagnostics.verbose] asks for it; what somebody has asked of it and connections that were lost are INFO; what somebody
 * should look into is WARN.
 */
internal class EventLines(private val pool: RealPool) {
    fun areWritten(level: Level): Boolean = when (level) {
        Level.WARN -> log.isWarnEnabled
        Level.INFO -> log.isInfoEnabled
        else -> log.isDebugEnabled || pool.config.diagnostics.verbose
    }

    fun write(event: PoolEvent, level: Level) = when {
        level == Level.WARN -> log.warn("{}", event)
        level == Level.INFO || pool.config.diagnostics.verbose -> log.info("{}", event)
        else -> log.debug("{}", event)
    }
}

/** Nobody has wanted it to go. */
internal val DestroyReason.level: Level
    get() = when (this) {
        DestroyReason.Lost, DestroyReason.PingTimeout, DestroyReason.Abandoned -> Level.INFO
        else -> Level.DEBUG
    }
