package dev.wspool.samples.loadtest

import dev.wspool.PoolStats
import kotlinx.serialization.Serializable

/** The pool's own count at the end, before it was closed; see [PoolStats]. */
@Serializable
data class PoolResult(
    val total: Int,
    val idle: Int,
    val leased: Int,
    val created: Long,
    val destroyed: Map<String, Long>,
    val connectFailures: Long,
    val borrows: Long,
    val borrowsAtOnce: Long,
    val reused: Long,
    val timedOut: Long,
) {
    companion object {
        fun of(stats: PoolStats) = PoolResult(
            total = stats.total,
            idle = stats.idle,
            leased = stats.leased,
            created = stats.created,
            destroyed = stats.destroyed.mapKeys { it.key.name },
            connectFailures = stats.connectFailures,
            borrows = stats.borrows,
            borrowsAtOnce = stats.borrowsAtOnce,
            reused = stats.reused,
            timedOut = stats.timedOut,
        )
    }
}
