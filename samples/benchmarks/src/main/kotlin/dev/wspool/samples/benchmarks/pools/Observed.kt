package dev.wspool.samples.benchmarks.pools

import dev.wspool.Diagnostics
import dev.wspool.LeakDetection
import dev.wspool.micrometer.WebSocketPoolMetrics
import io.micrometer.core.instrument.simple.SimpleMeterRegistry
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch

/** How closely a pool is watched. */
enum class Observed(private val diagnostics: Diagnostics = Diagnostics()) {
    NOBODY,
    EVENTS {
        override fun observe(pool: WspoolPool) {
            CoroutineScope(Dispatchers.Default).launch(start = CoroutineStart.UNDISPATCHED) { pool.pool.events.collect { } }
        }
    },
    METRICS {
        override fun observe(pool: WspoolPool) = WebSocketPoolMetrics(pool.pool).bindTo(SimpleMeterRegistry())
    },
    SAMPLED_LEAKS(Diagnostics(leakDetection = LeakDetection.Sampled)),
    ALL_LEAKS(Diagnostics(leakDetection = LeakDetection.All)),
    BORROW_SITES(Diagnostics(borrowSites = true)),
    ;

    protected open fun observe(pool: WspoolPool) = Unit

    fun open(connections: Int): WspoolPool = WspoolPool(connections, diagnostics).also(::observe)
}
