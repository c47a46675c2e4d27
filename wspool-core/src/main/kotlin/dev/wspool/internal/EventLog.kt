package dev.wspool.internal

import dev.wspool.PoolEvent
import dev.wspool.internal.diagnostics.EventLines
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.SharedFlow
import kotlinx.coroutines.flow.onSubscription
import kotlinx.coroutines.flow.transformWhile
import org.slf4j.event.Level

/** Tells of a pool's events, and writes them down. Those of a group have one flow. */
internal class EventLog(private val pool: RealPool, private val told: EventFlow) {
    private val lines = EventLines(pool)

    @Volatile
    private var isOver = false // set in a turn

    val flow: SharedFlow<PoolEvent> get() = told.flow

    /** As [flow], up to and including the last, which is told also to who comes after it. */
    val untilEnd: Flow<PoolEvent> get() = told.flow.onSubscription { if (isOver) emit(PoolEvent.Ended(pool.name)) }.untilEnd()

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

    private fun isWanted(level: Level) = told.isListenedTo || lines.areWritten(level)

    private fun happened(event: PoolEvent, level: Level) {
        if (told.isListenedTo) told.note(event)
        if (lines.areWritten(level)) pool.effects.later { lines.write(event, level) }
    }
}

internal fun Flow<PoolEvent>.untilEnd(): Flow<PoolEvent> = transformWhile {
    emit(it)
    it !is PoolEvent.Ended
}
