package dev.wspool.internal

import dev.wspool.PoolEvent
import dev.wspool.internal.diagnostics.EventLines
import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableSharedFlow
import kotlinx.coroutines.flow.SharedFlow
import kotlinx.coroutines.flow.asSharedFlow
import kotlinx.coroutines.flow.onSubscription
import kotlinx.coroutines.flow.transformWhile
import org.slf4j.event.Level
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicInteger

/**
 * The events of a pool, in the order of its turns. They are noted within turns and told after them, by one thread at a time:
 * to tell one may run a listener's dispatcher. A listener who is slow misses the oldest; nobody waits for him.
 */
internal class EventLog(private val pool: RealPool) {
    private val told = MutableSharedFlow<PoolEvent>(extraBufferCapacity = CAPACITY, onBufferOverflow = BufferOverflow.DROP_OLDEST)
    private val lines = EventLines(pool)
    private val noted = ConcurrentLinkedQueue<PoolEvent>()
    private val tellers = AtomicInteger()

    @Volatile
    private var isOver = false // set in a turn

    private var count = 0L

    val flow: SharedFlow<PoolEvent> = told.asSharedFlow()

    /** As [flow], up to and including the last, which is told also to who comes after it. */
    val untilEnd: Flow<PoolEvent> = told.onSubscription { if (isOver) emit(PoolEvent.Ended(pool.name)) }.untilEnd()

    /** In a turn. Makes no [event], which is given the pool's name, where nobody listens and nothing is logged at that [level]. */
    inline fun add(level: Level = Level.DEBUG, event: (String) -> PoolEvent) {
        if (!isOver && isWanted(level)) happened(event(pool.name), level)
    }

    /** In a turn: nothing happens any more. */
    fun end() {
        if (isOver) return
        isOver = true // before it is asked who listens: who is not counted yet will see it
        if (isWanted(Level.DEBUG)) happened(PoolEvent.Ended(pool.name), Level.DEBUG)
    }

    private fun isWanted(level: Level) = told.subscriptionCount.value > 0 || lines.areWritten(level)

    private fun happened(event: PoolEvent, level: Level) {
        if (told.subscriptionCount.value > 0) note(event)
        if (lines.areWritten(level)) pool.effects.later { lines.write(event, level) }
    }

    private fun note(event: PoolEvent) {
        event.number = ++count
        noted.add(event)
        pool.effects.later(::tell)
    }

    private fun tell() {
        if (tellers.getAndIncrement() > 0) return
        do {
            val seen = tellers.get()
            while (true) told.tryEmit(noted.poll() ?: break)
        } while (!tellers.compareAndSet(seen, 0))
    }

    private companion object {
        const val CAPACITY = 1_024
    }
}

internal fun Flow<PoolEvent>.untilEnd(): Flow<PoolEvent> = transformWhile {
    emit(it)
    it !is PoolEvent.Ended
}
