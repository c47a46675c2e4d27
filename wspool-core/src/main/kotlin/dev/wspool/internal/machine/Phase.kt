package dev.wspool.internal.machine

/** Where a pool is in its life. */
internal enum class Phase {
    OPEN,

    /** Neither dials nor lends; callers wait. */
    PAUSED,

    /** Serves who waits already, and waits for all leases to come back. */
    DRAINING,

    /** Waits for its last socket to be closed. */
    CLOSED,
}
