package dev.wspool.internal

import dev.wspool.internal.machine.Phase
import kotlinx.coroutines.CompletableDeferred

/** Callers of `awaitReady`. Touched in turns, but for [changed]. */
internal class Readiness(private val pool: RealPool) {
    private val awaiting = ArrayList<CompletableDeferred<Unit>>()

    val isAwaited: Boolean get() = awaiting.isNotEmpty()

    suspend fun await() {
        val awaited = CompletableDeferred<Unit>()
        pool.mailbox.ask {
            awaiting += awaited
            pool.effects.readinessChanged()
        }
        try {
            awaited.await()
        } finally {
            pool.mailbox.post { awaiting.remove(awaited) }
        }
        if (pool.isClosed) throw pool.closedException()
    }

    /** Something that readiness depends on has changed. */
    fun changed() = pool.mailbox.post {
        if (!pool.machine.isReady && pool.machine.phase != Phase.CLOSED) return@post
        val told = awaiting.toList()
        awaiting.clear()
        pool.effects.later { told.forEach { it.complete(Unit) } }
    }
}
