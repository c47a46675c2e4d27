package dev.wspool.internal

import dev.wspool.PoolEvent
import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.flow.MutableSharedFlow
import kotlinx.coroutines.flow.SharedFlow
import kotlinx.coroutines.flow.asSharedFlow
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicInteger

/**
 * Events in the order of turns. They are noted within turns and told after them, by one thread at a time: to tell one may run a
 * listener's dispatcher. A listener who is slow misses the oldest; nobody waits for him.
 *
 * @param later what is to be done after the turn.
 */
internal class EventFlow(private val later: (Chore) -> Unit) {
    private val told = MutableSharedFlow<PoolEvent>(extraBufferCapacity = CAPACITY, onBufferOverflow = BufferOverflow.DROP_OLDEST)
    private val noted = ConcurrentLinkedQueue<PoolEvent>()
    private val tellers = AtomicInteger()
    private var count = 0L

    val flow: SharedFlow<PoolEvent> = told.asSharedFlow()

    val isListenedTo: Boolean get() = told.subscriptionCount.value > 0

    /** In a turn. */
    fun note(event: PoolEvent) {
        event.number = ++count
        noted.add(event)
        later(::tell)
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
