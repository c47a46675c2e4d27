package dev.wspool.internal.machine

/** Why a connection leaves the pool. */
internal enum class Ending {
    IDLE_TOO_LONG,
    SURPLUS,
    LIFETIME,
    USED_UP,
    UNFIT,
    EVICTED,
    RESET,
    ROTATED,
    GOING_AWAY,
    NETWORK_CHANGED,
    DIRTY,
    INVALIDATED,
    REJECTED,
    UNSOLICITED,
    NO_PONG,
    LOST,
    DETACHED,
    POOL_CLOSED,
    ABANDONED,
    LEAKED,
}
