package dev.wspool.internal

import dev.wspool.PoolEvent
import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.flow.MutableSharedFlow
import kotlinx.coroutines.flow.SharedFlow
import kotlinx.coroutines.flow.asSharedFlow
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicInteger

/**
 * The events of a pool, in the order of its turns. They are noted within turns and told after them, by one thread at a time:
 * to tell one may run a listener's dispatcher. A listener who is slow misses the oldest; nobody waits for him.
 */
internal class EventLog(private val pool: RealPool) {
    private val told = MutableSharedFlow<PoolEvent>(extraBufferCapacity = CAPACITY, onBufferOverflow = BufferOverflow.DROP_OLDEST)
    private val noted = ConcurrentLinkedQueue<PoolEvent>()
    private val tellers = AtomicInteger()
    private var isOver = false // touched in turns

    val flow: SharedFlow<PoolEvent> = told.asSharedFlow()

    /** In a turn. Makes no [event], which is given the pool's name, where nobody listens. */
    inline fun add(event: (String) -> PoolEvent) {
        if (!isOver && told.subscriptionCount.value > 0) note(event(pool.name))
    }

    /** In a turn: nothing happens any more. */
    fun end() {
        add { PoolEvent.Ended(it) }
        isOver = true
    }

    private fun note(event: PoolEvent) {
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
