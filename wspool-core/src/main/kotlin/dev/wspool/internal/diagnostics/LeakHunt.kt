package dev.wspool.internal.diagnostics

import dev.wspool.Diagnostics
import dev.wspool.LeakDetection
import dev.wspool.PoolEvent
import dev.wspool.internal.RealLease
import dev.wspool.internal.RealPool
import dev.wspool.internal.SharedLease
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import org.slf4j.event.Level
import java.lang.ref.ReferenceQueue
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicInteger
import kotlin.coroutines.CoroutineContext
import kotlin.time.Duration.Companion.nanoseconds
import kotlin.time.Duration.Companion.seconds

/**
 * Finds leases that nobody gives back: for certain where the collector has found one unreachable, and on suspicion where its borrower's
 * job has completed and nothing is done with it. One coroutine that looks every so often, and no thread that waits.
 *
 * @param before what has looked after leases until now: those that are out are looked after on, by other settings.
 */
internal class LeakHunt(private val pool: RealPool, private val settings: Diagnostics, before: LeakHunt?) {
    private val gone: ReferenceQueue<RealLease> = before?.gone ?: ReferenceQueue()
    private val watched: MutableSet<WatchedLease> = before?.watched ?: ConcurrentHashMap.newKeySet()
    private val lent = AtomicInteger()
    private val threshold = settings.leakThreshold
    private val looking: Job = pool.scope.launch(start = CoroutineStart.LAZY) {
        val pause = minOf(threshold / 2, MOST_PAUSE)
        while (true) {
            delay(pause)
            look()
        }
    }

    fun start() {
        looking.start()
    }

    fun stop() = looking.cancel()

    fun lookAfter(lease: RealLease, holder: CoroutineContext, borrowing: Borrowing) {
        if (lease is SharedLease || !isPicked()) return
        val watchedLease = WatchedLease(lease, holder, borrowing, gone)
        watched += watchedLease
        borrowing.watched = watchedLease
    }

    private fun isPicked() = threshold.isFinite() || settings.leakDetection == LeakDetection.All || lent.getAndIncrement() % SAMPLE == 0

    /** In a turn: it has come back. */
    fun forget(lease: WatchedLease) {
        if (!watched.remove(lease) || !lease.isSuspected) return
        pool.eventLog.add(Level.INFO) { PoolEvent.ReturnedAfterAll(it, lease.connection.id, lease.coroutine, lease.site) }
    }

    private fun look() {
        while (true) unreachable(gone.poll() as WatchedLease? ?: break)
        if (threshold.isInfinite()) return
        val now = pool.now()
        for (lease in watched) {
            when {
                lease.isSuspected -> {}
                lease.connection.hasEnded -> watched -= lease
                (lease.untouchedFor(now) ?: 0) >= threshold.inWholeNanoseconds -> suspected(lease)
            }
        }
    }

    /** With a connection that was lost its lease has ended: its place is free. */
    private fun unreachable(lease: WatchedLease) {
        val isCertain = settings.leakDetection != LeakDetection.Off
        if (!isCertain && !lease.isSuspected && !lease.connection.hasEnded) return // it will be suspected, as any other
        if (watched.remove(lease) && isCertain && !lease.connection.hasEnded) leaked(lease)
    }

    private fun leaked(lease: WatchedLease) {
        tell(isNew = !lease.isSuspected) { PoolEvent.LeaseLeaked(it, lease.connection.id, lease.coroutine, lease.site, heldFor(lease)) }
        RealLease(lease.connection, lease.use).reclaim() // a lease is only a ticket: one more will do
    }

    private fun suspected(lease: WatchedLease) {
        val suspect = lease.get()
        val mayComeBack = suspect != null && !settings.reclaimLeaks
        if (!mayComeBack && !watched.remove(lease)) return // it has just come back
        lease.isSuspected = true
        tell(isNew = true) { PoolEvent.LeakSuspected(it, lease.connection.id, lease.coroutine, lease.site, heldFor(lease)) }
        if (settings.reclaimLeaks) (suspect ?: RealLease(lease.connection, lease.use)).reclaim()
    }

    private inline fun tell(isNew: Boolean, crossinline event: (String) -> PoolEvent) = pool.mailbox.post {
        if (isNew) pool.gauges.outcomes.leaks++
        pool.eventLog.add(Level.WARN, event)
    }

    private fun heldFor(lease: WatchedLease) = (pool.now() - lease.lentAt).nanoseconds

    private companion object {
        const val SAMPLE = 64
        val MOST_PAUSE = 5.seconds
    }
}
