package dev.wspool.ktor.soak

import dev.wspool.PoolException
import dev.wspool.WebSocketPool
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlin.time.Duration.Companion.milliseconds

/** What must hold of a pool when all callers have gone. */
internal class Aftermath(private val pool: WebSocketPool) {
    /** Borrows all at once, and has each echo. Returns the pool's own account, as it is before the end. */
    suspend fun capacity(): List<Finding> {
        until { pool.stats.leased == 0 && pool.stats.closing == 0 }
        val stats = pool.stats
        val left = stats.leased + stats.closing + stats.waiting
        val lent = coroutineScope { List(pool.capacity) { async { lend() } }.awaitAll() }.filterNotNull()
        lent.forEach { it.release() }
        return listOf(
            Finding.none("leases, closing connections and waiting callers left in the pool", left),
            Finding.none("lost capacity: connections of ${pool.capacity} that could not be lent at once", pool.capacity - lent.size),
        )
    }

    private suspend fun lend() = try {
        pool.borrow().apply {
            send("still there?")
            check(receiveText() == "still there?")
        }
    } catch (_: PoolException) {
        null
    }

    /** Closes the pool. [parent] is its parent's job, and [before] what this process held before there was a pool. */
    suspend fun end(parent: Job, before: Map<String, Int>): List<Finding> {
        pool.close()
        pool.awaitClosed()
        until { Holdings.descriptors().noneMoreThan(before) }
        val stats = pool.stats
        val now = Holdings.descriptors()
        return listOf(
            Finding.none("connections created and not destroyed", stats.created - stats.destroyed.values.sum()),
            Finding.none("coroutines left under the pool's parent", parent.children.count()),
            Finding("leaked descriptors", "${leaked(before, now)} (before $before, after $now)", leaked(before, now) == 0),
        )
    }

    private fun leaked(before: Map<String, Int>, now: Map<String, Int>) = now.entries.sumOf { maxOf(0, it.value - (before[it.key] ?: 0)) }

    private fun Map<String, Int>.noneMoreThan(before: Map<String, Int>) = leaked(before, this) == 0

    /** Bounded; what has not come true then is a finding. */
    private suspend fun until(condition: () -> Boolean) {
        var looks = 0
        while (!condition() && looks++ < LOOKS) delay(50.milliseconds)
    }

    private companion object {
        const val LOOKS = 200
    }
}
