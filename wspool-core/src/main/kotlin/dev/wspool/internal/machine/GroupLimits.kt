package dev.wspool.internal.machine

/** The settings of a [GroupMachine]; spans are nanoseconds, [NEVER] where a policy is off. Where they are checked: `GroupConfig`. */
internal class GroupLimits(
    /** Connections of all members together. */
    @JvmField internal val maxConnections: Int,
    @JvmField internal val maxWaiting: Int = Int.MAX_VALUE,
    /** The pace of all members' dials together. */
    @JvmField internal val dials: DialLimits = DialLimits(),
    /** After how long nobody who could be served elsewhere waits for a dial any more. */
    @JvmField internal val patience: Long = 1_000_000_000L,
    /** How many members there may be. */
    @JvmField internal val maxMembers: Int = Int.MAX_VALUE,
    /** How long a member may hold no connection before it goes. */
    @JvmField internal val maxEmptyTime: Long = NEVER,
)
