package dev.wspool.internal

import dev.wspool.PoolClosedException
import kotlinx.coroutines.CompletableDeferred

/** Callers of `awaitReady`, of a pool or of a group. Touched in turns, but for [changed]. */
internal class Readiness(private val owner: Readying, private val later: (Chore) -> Unit) {
    private val awaiting = ArrayList<CompletableDeferred<Unit>>()

    suspend fun await() {
        val awaited = CompletableDeferred<Unit>()
        owner.mailbox.ask {
            awaiting += awaited
            mayHaveChanged()
        }
        try {
            awaited.await()
        } finally {
            owner.mailbox.post { awaiting.remove(awaited) }
        }
        if (owner.isClosed) throw owner.closedException()
    }

    /** In a turn, which is not over: something that readiness depends on has changed. */
    fun mayHaveChanged() {
        if (awaiting.isNotEmpty()) later(::changed)
    }

    private fun changed() = owner.mailbox.post {
        if (!owner.isReadyNow && !owner.isClosed) return@post
        val told = awaiting.toList()
        awaiting.clear()
        later { told.forEach { it.complete(Unit) } }
    }
}

/** What somebody may wait for to become ready. */
internal interface Readying {
    val mailbox: Mailbox

    val isClosed: Boolean

    /** Asked in turns. */
    val isReadyNow: Boolean

    fun closedException(): PoolClosedException
}
