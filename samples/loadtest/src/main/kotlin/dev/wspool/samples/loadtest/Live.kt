package dev.wspool.samples.loadtest

import kotlin.time.Duration

/** How far the run is: [done] of the [requests] of a [round], none where it is over; and of all rounds so far [ok] and [failed]. */
class Live(val round: Int, val requests: Int, val done: Int, val ok: Int, val failed: Int, val latency: LiveLatency?)

class LiveLatency(val p50: Duration, val p99: Duration, val max: Duration)
