package dev.wspool.internal.machine

/** Why a pool is [Phase.PAUSED]: it is so until none is left. */
internal enum class PauseCause {
    /** Its owner wants it. */
    OWNER,

    /** There is no network. */
    NETWORK,

    /** The app is in the background, and the pool suspended meanwhile. */
    BACKGROUND,
}

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
