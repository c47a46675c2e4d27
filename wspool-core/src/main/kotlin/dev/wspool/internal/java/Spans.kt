package dev.wspool.internal.java

import dev.wspool.AdaptiveCapacity
import dev.wspool.AffinityKey
import dev.wspool.Backoff
import dev.wspool.BorrowRequest
import dev.wspool.CloseAction
import dev.wspool.ClosedConnection
import dev.wspool.ConnectionId
import dev.wspool.ConnectionReport
import dev.wspool.Diagnostics
import dev.wspool.DnsDiscovery
import dev.wspool.Endpoint
import dev.wspool.FailureReport
import dev.wspool.LeakDetection
import dev.wspool.LeaseReport
import dev.wspool.PoolEvent
import dev.wspool.RoundTripStats
import dev.wspool.SlowReaders
import dev.wspool.TimeStats
import dev.wspool.UnreadMessages
import dev.wspool.WaiterReport
import kotlin.time.Duration
import kotlin.time.Duration.Companion.nanoseconds

/** A span as Java's side hands it over, in nanoseconds; the greatest is for ever. */
internal fun span(nanos: Long): Duration = if (nanos == Long.MAX_VALUE) Duration.INFINITE else nanos.nanoseconds

/** The spans of value types, in nanoseconds: Java can neither call what returns a [Duration] nor what takes one. */
internal object Spans {
    @JvmStatic fun last(stats: RoundTripStats): Long = stats.last.inWholeNanoseconds

    @JvmStatic fun smoothed(stats: RoundTripStats): Long = stats.smoothed.inWholeNanoseconds

    @JvmStatic fun quantile(stats: RoundTripStats, quantile: Double): Long = stats.quantile(quantile).inWholeNanoseconds

    @JvmStatic fun total(stats: TimeStats): Long = stats.total.inWholeNanoseconds

    @JvmStatic fun max(stats: TimeStats): Long = stats.max.inWholeNanoseconds

    @JvmStatic fun p50(stats: TimeStats): Long = stats.p50.inWholeNanoseconds

    @JvmStatic fun p99(stats: TimeStats): Long = stats.p99.inWholeNanoseconds

    @JvmStatic fun heldFor(lease: LeaseReport): Long = lease.heldFor.inWholeNanoseconds

    @JvmStatic fun heldFor(leak: PoolEvent.LeaseLeaked): Long = leak.heldFor.inWholeNanoseconds

    @JvmStatic fun heldFor(leak: PoolEvent.LeakSuspected): Long = leak.heldFor.inWholeNanoseconds

    @JvmStatic fun waitedFor(waiter: WaiterReport): Long? = waiter.waitedFor?.inWholeNanoseconds

    @JvmStatic fun age(connection: ConnectionReport): Long = connection.age.inWholeNanoseconds

    @JvmStatic fun since(connection: ConnectionReport): Long = connection.since.inWholeNanoseconds

    @JvmStatic fun roundTrip(connection: ConnectionReport): Long? = connection.roundTrip?.inWholeNanoseconds

    @JvmStatic fun ago(failure: FailureReport): Long = failure.ago.inWholeNanoseconds

    @JvmStatic
    fun diagnostics(
        measureTimes: Boolean,
        borrowSites: Boolean,
        leakDetection: LeakDetection,
        leakThreshold: Long,
        reclaimLeaks: Boolean,
        verbose: Boolean,
    ) = Diagnostics(measureTimes, borrowSites, leakDetection, span(leakThreshold), reclaimLeaks, verbose)

    @JvmStatic fun leakThreshold(diagnostics: Diagnostics): Long = diagnostics.leakThreshold.inWholeNanoseconds

    @JvmStatic fun openTime(connection: ClosedConnection): Long = connection.openTime.inWholeNanoseconds

    @JvmStatic fun by(event: PoolEvent.TimeJumped): Long = event.by.inWholeNanoseconds

    @JvmStatic fun disconnect(waiting: Int, after: Long) = SlowReaders.Disconnect(waiting, span(after))

    @JvmStatic fun dns(endpoint: Endpoint) = DnsDiscovery(endpoint)

    @JvmStatic fun dns(endpoint: Endpoint, interval: Long, minInterval: Long) = DnsDiscovery(endpoint, span(interval), span(minInterval))

    @JvmStatic fun backoff(initial: Long, max: Long) = Backoff(span(initial), span(max))

    @JvmStatic fun initial(backoff: Backoff): Long = backoff.initial.inWholeNanoseconds

    @JvmStatic fun max(backoff: Backoff): Long = backoff.max.inWholeNanoseconds

    @JvmStatic
    fun adaptiveCapacity(minCapacity: Int, maxCapacity: Int, minInterval: Long, maxInterval: Long) =
        AdaptiveCapacity(minCapacity, maxCapacity, span(minInterval), span(maxInterval))

    @JvmStatic fun minInterval(capacity: AdaptiveCapacity): Long = capacity.minInterval.inWholeNanoseconds

    @JvmStatic fun maxInterval(capacity: AdaptiveCapacity): Long = capacity.maxInterval.inWholeNanoseconds

    @JvmStatic
    fun wait(from: Long, to: Long, shrinks: Boolean, proves: Boolean) = CloseAction.Wait(span(from), span(to), shrinks, proves)

    @JvmStatic fun from(wait: CloseAction.Wait): Long = wait.from.inWholeNanoseconds

    @JvmStatic fun to(wait: CloseAction.Wait): Long = wait.to.inWholeNanoseconds

    @JvmStatic fun maxTime(drain: UnreadMessages.Drain): Long = drain.maxTime.inWholeNanoseconds

    @JvmStatic
    fun request(timeout: Long?, id: ConnectionId?, affinity: AffinityKey?, minRemainingLifetime: Long, isFresh: Boolean) =
        BorrowRequest(timeout?.let(::span), id, affinity, span(minRemainingLifetime), isFresh)
}
