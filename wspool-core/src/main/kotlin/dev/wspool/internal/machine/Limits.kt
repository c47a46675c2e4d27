package dev.wspool.internal.machine

/** The machine's settings; spans are nanoseconds. */
internal class Limits(
    @JvmField internal val maxConnections: Int,
    @JvmField internal val minIdle: Int = 0,
    @JvmField internal val maxWaiting: Int = Int.MAX_VALUE,
    @JvmField internal val maxIdleTime: Long = NEVER,
    /** How long a peer may take to answer a Close before the connection is aborted. */
    @JvmField internal val closeGrace: Long = 2_000_000_000L,
    /** How long an engine may take to tell that an aborted connection has ended before it counts as abandoned. */
    @JvmField internal val abortTimeout: Long = 5_000_000_000L,
)
