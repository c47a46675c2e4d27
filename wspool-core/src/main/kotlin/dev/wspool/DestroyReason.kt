package dev.wspool

/** Why a connection left its pool. */
public enum class DestroyReason {
    /** It lay idle for longer than `maxIdleTime`. */
    IdleTooLong,

    /**
     * More were idle than `maxIdle`, or than [InBackground] leaves; more were there than a lowered `maxConnections`; or the server
     * asked for fewer (1013).
     */
    Surplus,

    /** It had lived for `maxLifetime`, less what jitter takes off. */
    LifetimeReached,

    /** It had been lent `maxUses` times. */
    UsedUp,

    /** The pool was full, and a caller waited whom no idle connection fitted. */
    Unfit,

    /** [WebSocketPool.evictIdle] closed it. */
    Evicted,

    /** [WebSocketPool.reset] retired it. */
    Reset,

    /** It was opened with credentials from before [WebSocketPool.rotateCredentials]. */
    CredentialsRotated,

    /** The server announced in a message of the application that it goes away. */
    GoingAway,

    /** It was opened over a network that the pool's [NetworkSignal] says is gone. */
    NetworkChanged,

    /** Its last user did not finish cleanly. */
    Dirty,

    /** Its last user called [Lease.invalidate]. */
    Invalidated,

    /** `onBorrow` vetoed it, or failed. */
    Rejected,

    /** A message came while nobody had asked for one. */
    UnsolicitedMessage,

    /** It did not answer a ping within `pongTimeout`. */
    PingTimeout,

    /** The peer closed it or the network broke it. */
    Lost,

    /** [Lease.detach] took it out of the pool. */
    Detached,

    /** The pool was closed. */
    PoolClosed,

    /** It was aborted and no engine could tell that its socket is closed. */
    Abandoned,

    /** Its lease was not given back, and could not be any more or was not to be waited for: see [Diagnostics]. */
    Leaked,
}
