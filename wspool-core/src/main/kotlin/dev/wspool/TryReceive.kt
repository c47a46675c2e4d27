package dev.wspool

import dev.wspool.internal.RealLease
import dev.wspool.internal.SharedLease

/**
 * The next message where one is there already, or null. Never suspends, and unlike a [Lease.receive] that got nothing it leaves
 * the lease as clean as it was: nobody was waiting.
 *
 * @throws ConnectionLostException where the connection has ended and all that came before is read.
 * @throws LeaseReleasedException after [Lease.release].
 * @throws IllegalStateException where a receive of this lease is waiting.
 * @throws UnsupportedOperationException where the lease is not a connection of its own.
 */
public fun Lease.tryReceive(): Message? {
    val lease = this as? RealLease ?: real()
    return lease.inbox.tryReceive(lease) { lease.connection.connection.resumeReading() }
}

/** @throws UnsupportedOperationException where it is not the pool's own, or shared with others. */
internal fun Lease.real(): RealLease {
    if (this is RealLease && this !is SharedLease) return this
    throw UnsupportedOperationException("$this is not a connection of its holder's own: it has no bytes and no end")
}
