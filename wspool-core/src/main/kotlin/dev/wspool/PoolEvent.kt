package dev.wspool

import dev.wspool.internal.diagnostics.borrowed
import dev.wspool.internal.diagnostics.brief
import kotlin.time.Duration

/**
 * Something that happened in a pool, told in the order in which it was decided. Borrows and returns are no events: `stats`
 * counts them.
 *
 * @property pool the name of the pool.
 */
public sealed class PoolEvent(public val pool: String) {
    /** Counts the events of the pool from when somebody listened first: who finds a gap was too slow for as many. */
    public var number: Long = 0
        internal set

    /** A dial was begun. */
    public class Connecting internal constructor(pool: String, public val id: ConnectionId) : PoolEvent(pool) {
        override fun toString(): String = "$pool: connecting $id"
    }

    /** A connection can be lent. */
    public class Connected internal constructor(pool: String, public val id: ConnectionId) : PoolEvent(pool) {
        override fun toString(): String = "$pool: $id is connected"
    }

    /** A connection was opened whose peer is not verified: `tls { insecure() }`. */
    public class Insecure internal constructor(pool: String, public val id: ConnectionId) : PoolEvent(pool) {
        override fun toString(): String = "$pool: $id is encrypted, but nobody knows to whom: insecure() trusts any certificate"
    }

    /** A dial failed. */
    public class ConnectFailed internal constructor(
        pool: String,
        public val id: ConnectionId,
        public val failure: ConnectFailedException,
    ) : PoolEvent(pool) {
        override fun toString(): String = "$pool: $id failed to connect: ${failure.message}"
    }

    /** A connection is no longer lent, and is being closed. */
    public class Closing internal constructor(pool: String, public val id: ConnectionId, public val reason: DestroyReason) :
        PoolEvent(pool) {
            override fun toString(): String = "$pool: $id is being closed: $reason"
        }

    /** A connection has left the pool. */
    public class Closed internal constructor(pool: String, public val id: ConnectionId, public val reason: DestroyReason) :
        PoolEvent(pool) {
            override fun toString(): String = "$pool: $id is closed: $reason"
        }

    /** A connection is pinged before it is lent again: it was silent for long, or another died. */
    public class Checking internal constructor(pool: String, public val id: ConnectionId) : PoolEvent(pool) {
        override fun toString(): String = "$pool: $id is being proved"
    }

    /** Who asks for a connection is refused until a dial may be tried. */
    public class Stopped internal constructor(pool: String, public val cause: Throwable) : PoolEvent(pool) {
        override fun toString(): String = "$pool: stopped: ${cause.message}"
    }

    /** Connections were closed because the server speaks first: read that in `onConnect`, or set `unsolicitedMessages`. */
    public class SpokenFirst internal constructor(pool: String, public val inARow: Int) : PoolEvent(pool) {
        override fun toString(): String = "$pool: $inARow connections in a row closed: the server spoke before anybody had asked"
    }

    /**
     * A lease became unreachable before it was given back, so it never will be; its connection is closed.
     *
     * @property coroutine the name of the coroutine that had borrowed it, if it has one.
     * @property site where it was borrowed; null without `borrowSites`.
     */
    public class LeaseLeaked internal constructor(
        pool: String,
        public val id: ConnectionId,
        public val coroutine: String?,
        public val site: String?,
        public val heldFor: Duration,
    ) : PoolEvent(pool) {
        override fun toString(): String =
            "$pool: the lease of $id${borrowed(coroutine, site)} has leaked after ${heldFor.brief}: nobody can give it back"
    }

    /** The job of a borrower has completed, and for `leakThreshold` nothing was done with the lease, which is still out. */
    public class LeakSuspected internal constructor(
        pool: String,
        public val id: ConnectionId,
        public val coroutine: String?,
        public val site: String?,
        public val heldFor: Duration,
    ) : PoolEvent(pool) {
        override fun toString(): String =
            "$pool: the lease of $id${borrowed(coroutine, site)} may have leaked: it is out for ${heldFor.brief}, and its borrower has ended"
    }

    /** A lease that was suspected to have leaked was given back. */
    public class ReturnedAfterAll internal constructor(
        pool: String,
        public val id: ConnectionId,
        public val coroutine: String?,
        public val site: String?,
    ) : PoolEvent(pool) {
        override fun toString(): String = "$pool: the lease of $id${borrowed(coroutine, site)} was returned after all"
    }

    /** The pool neither dials nor lends until it is resumed. */
    public class Paused internal constructor(pool: String) : PoolEvent(pool) {
        override fun toString(): String = "$pool: paused"
    }

    /** The pool dials and lends again. */
    public class Resumed internal constructor(pool: String) : PoolEvent(pool) {
        override fun toString(): String = "$pool: resumed"
    }

    /** The pool's [NetworkSignal] has told it of the network, or of the app. */
    public class NetworkChanged internal constructor(pool: String, public val state: NetworkState) : PoolEvent(pool) {
        override fun toString(): String = "$pool: $state"
    }

    /** Settings were changed. */
    public class Reconfigured internal constructor(pool: String) : PoolEvent(pool) {
        override fun toString(): String = "$pool: reconfigured"
    }

    /** Time has passed that the pool did not see: the machine slept. All connections are proved before they are lent. */
    public class TimeJumped internal constructor(pool: String, public val by: Duration) : PoolEvent(pool) {
        override fun toString(): String = "$pool: slept for $by"
    }

    /** An endpoint has come to a group. */
    public class EndpointJoined internal constructor(pool: String, public val endpoint: Endpoint) : PoolEvent(pool) {
        override fun toString(): String = "$pool: $endpoint has joined"
    }

    /** An endpoint of a group was removed, and its last connection is closed. */
    public class EndpointLeft internal constructor(pool: String, public val endpoint: Endpoint) : PoolEvent(pool) {
        override fun toString(): String = "$pool: $endpoint has left"
    }

    /** An endpoint of a group has failed too often and serves nobody: see [Ejection]. */
    public class EndpointEjected internal constructor(pool: String, public val endpoint: Endpoint, public val lasting: Duration) :
        PoolEvent(pool) {
            override fun toString(): String = "$pool: $endpoint is out of service for ${lasting.brief}"
        }

    /** An endpoint's time out of service is over, and a dial is to show whether it serves again. */
    public class EndpointProbed internal constructor(pool: String, public val endpoint: Endpoint) : PoolEvent(pool) {
        override fun toString(): String = "$pool: $endpoint is being probed"
    }

    /** An endpoint serves again. */
    public class EndpointRestored internal constructor(pool: String, public val endpoint: Endpoint) : PoolEvent(pool) {
        override fun toString(): String = "$pool: $endpoint serves again"
    }

    /** The pool lends no more, and closes when its leases are back. */
    public class Draining internal constructor(pool: String) : PoolEvent(pool) {
        override fun toString(): String = "$pool: draining"
    }

    /** The pool is closed and its last socket with it. The last event. */
    public class Ended internal constructor(pool: String) : PoolEvent(pool) {
        override fun toString(): String = "$pool: ended"
    }
}
