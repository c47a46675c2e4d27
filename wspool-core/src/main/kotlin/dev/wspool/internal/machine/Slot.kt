package dev.wspool.internal.machine

/**
 * A connection as the machine knows it, from the decision to dial until its socket is closed. A slot is one incarnation: it
 * is never used again, so that whatever is late can only meet an [SlotState.ENDED] slot, never a successor.
 *
 * @property number counts the dials of the pool.
 */
internal abstract class Slot(@JvmField internal val number: Long) : Link() {
    @JvmField internal var state: SlotState = SlotState.CONNECTING

    /** Counts its leases: names the present one while [SlotState.LEASED], the last one after. */
    @JvmField internal var use: Int = 0

    /** When it came into its state, or [UNSTAMPED]. */
    @JvmField internal var since: Long = UNSTAMPED

    /** Why it is going, from [SlotState.CLOSING] on. */
    @JvmField internal var ending: Ending? = null

    /** Its place in the machine's list of all slots. */
    @JvmField internal var position: Int = -1

    /**
     * True where nothing has arrived since its last lease ended. The one fact that the machine asks for instead of being
     * told: a turn takes time, and a message may not overtake the caller who borrows next.
     */
    internal abstract val isQuiet: Boolean

    override fun toString(): String = "slot$number"

    internal companion object {
        /** The state changed after the last tick; borrow and return read no clock. */
        const val UNSTAMPED: Long = -1L
    }
}

/**
 * ```
 * CONNECTING ──> IDLE <──> LEASED
 *     │           │          │
 *     │           └──> CLOSING ──> ABORTING
 *     │                  │             │
 *     └────────────────> ENDED <───────┘      and from IDLE and LEASED, when the connection is lost
 * ```
 */
internal enum class SlotState {
    /** A dial was decided. */
    CONNECTING,

    /** Ready to be lent. */
    IDLE,

    /** In a caller's hands. */
    LEASED,

    /** A closing handshake was decided; its socket is still open, and still counts. */
    CLOSING,

    /** The handshake took too long, and an abort was decided. */
    ABORTING,

    /** The socket is closed, or was given up. Counts no more. */
    ENDED,
}

/** Why a connection leaves the pool. */
internal enum class Ending { IDLE_TOO_LONG, DIRTY, INVALIDATED, UNSOLICITED, LOST, DETACHED, POOL_CLOSED, ABANDONED }
