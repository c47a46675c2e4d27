package dev.wspool.samples.dashboard

import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock

/** What the buttons do. */
class Commands(
    private val upstream: Upstream,
    private val keeper: PoolKeeper,
    private val load: Load,
    private val journal: Journal,
) {
    private val turn = Mutex()

    /**
     * Obeys the command that is called [name], one after the other, and tells what came of it; null where there is none of that name. What
     * is done is in the journal, ahead of what comes of it.
     */
    suspend fun obey(name: String): Outcome? = turn.withLock {
        when (name) {
            "load-up" -> changeLoad(load.size + LOAD_STEP)
            "load-down" -> changeLoad(load.size - LOAD_STEP)
            "kill" -> did("The upstream is killed: dials are refused.") { upstream.kill() }
            "restart" -> did("The upstream is back.") { upstream.start() }
            "slow" -> did("The upstream takes its time: half a second and more for a reply.") { upstream.isSlow = true }
            "fast" -> did("The upstream replies fast again.") { upstream.isSlow = false }
            "half-open" -> did("Connections are half-open: all bytes vanish, and only pings find out.") { upstream.isHalfOpen = true }
            "heal" -> did("The way to the upstream is healed: new connections work.") { upstream.isHalfOpen = false }
            "grow" -> whileOpen { resize(keeper.pool.config.maxConnections + SIZE_STEP) }
            "shrink" -> whileOpen { resize(keeper.pool.config.maxConnections - SIZE_STEP) }
            "rotate" -> whileOpen { did("Credentials are rotated: all connections are replaced.") { keeper.rotate() } }
            "evict" -> whileOpen { did("Idle connections are evicted.") { keeper.pool.evictIdle() } }
            "drain" -> whileOpen { did("The pool drains: it waits for its leases, and closes.") { keeper.drain() } }
            "renew" -> renew()
            else -> null
        }
    }

    private fun changeLoad(callers: Int): Outcome =
        if (callers in 0..Load.MOST) {
            did("The load is $callers callers.") { load.resize(callers) }
        } else {
            Outcome(false, "The load is from 0 to ${Load.MOST} callers; it is ${load.size}.")
        }

    private fun resize(most: Int): Outcome =
        if (most in SIZES) {
            did("maxConnections is $most.") { keeper.resize(most) }
        } else {
            Outcome(false, "maxConnections is from ${SIZES.first} to ${SIZES.last} here; it is ${keeper.pool.config.maxConnections}.")
        }

    private fun renew(): Outcome =
        if (keeper.phase == PoolKeeper.Phase.Closed) {
            did("There is a new pool.") { keeper.renew() }
        } else {
            Outcome(false, "The pool is not closed: drain it first.")
        }

    private inline fun whileOpen(deed: () -> Outcome): Outcome =
        if (keeper.phase == PoolKeeper.Phase.Open) {
            deed()
        } else {
            Outcome(false, "The pool is ${keeper.phase.name.lowercase()}: it lends no more.")
        }

    private inline fun did(message: String, deed: () -> Unit): Outcome {
        journal.deed(message)
        deed()
        return Outcome(true, message)
    }

    companion object {
        const val LOAD_STEP = 4
        const val SIZE_STEP = 2
        val SIZES = PoolKeeper.LEAST..32
    }
}
