package dev.wspool

/** Why a connection left its pool. */
public enum class DestroyReason {
    /** It lay idle for longer than `maxIdleTime`. */
    IdleTooLong,

    /** Its last user did not finish cleanly. */
    Dirty,

    /** Its last user called [Lease.invalidate]. */
    Invalidated,

    /** A message came while nobody had asked for one. */
    UnsolicitedMessage,

    /** The peer closed it or the network broke it. */
    Lost,

    /** [Lease.detach] took it out of the pool. */
    Detached,

    /** The pool was closed. */
    PoolClosed,

    /** It was aborted and no engine could tell that its socket is closed. */
    Abandoned,
}
