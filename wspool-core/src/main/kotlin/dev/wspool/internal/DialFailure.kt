package dev.wspool.internal

import dev.wspool.ConnectFailedException
import dev.wspool.PoolEvent
import dev.wspool.internal.machine.SlotState
import dev.wspool.internal.machine.connectFailed
import kotlinx.coroutines.isActive
import org.slf4j.event.Level

/** The answer to a dial that came to nothing: told to the machine, and in the background where nobody waits for it. */
internal fun PooledConnection.notOpened(failure: ConnectFailedException) {
    answered()
    val asked = failure.retryAfterNanos(pool.config.settings.wallClock)
    val retryAfter = maxOf(asked, closeInfo?.let(pool::holdAfter) ?: 0)
    pool.mailbox.post {
        pool.eventLog.add { PoolEvent.ConnectFailed(it, id, failure) }
        pool.gauges.outcomes.failed(failure, pool.now())
        val isCalledOff = ending != null || state == SlotState.ENDED
        if (failure.isPermanent && !isCalledOff) pool.eventLog.add(Level.WARN) { PoolEvent.Stopped(it, failure) }
        val isAwaited = isCalledOff || !scope.isActive || !pool.machine.queue.isEmpty() || !pool.machine.supply.warmUps.isEmpty
        if (isDialled && !isAwaited) pool.effects.later { pool.background.failed(failure) }
        pool.machine.connectFailed(this, failure, failure.isPermanent, pool.now(), retryAfter)
    }
}
