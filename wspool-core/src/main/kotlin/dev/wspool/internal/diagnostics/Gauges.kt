package dev.wspool.internal.diagnostics

import dev.wspool.internal.RoundTrips
import java.util.concurrent.atomic.LongAdder

/** What a pool measures and counts beside its machine. */
internal class Gauges {
    val roundTrips = RoundTrips()
    val connectTimes = Times()
    val borrowTimes = Times()
    val useTimes = Times()
    val traffic = Traffic()
    val outcomes = Outcomes()
    val errors = LongAdder()
}
