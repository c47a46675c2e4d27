package dev.wspool.internal.machine

/**
 * A connection as the machine knows it, from the decision to dial until its socket is closed. A slot is one incarnation: it
 * is never used again, so that whatever is late can only meet an [SlotState.ENDED] slot, never a successor.
 *
 * @property number counts the connections that the pool has dialled or admitted.
 */
internal abstract class Slot(@JvmField internal val number: Long) : Link() {
    @JvmField internal var state: SlotState = SlotState.CONNECTING

    /** False where it came by itself: how it ends then says nothing about the next dial. */
    @JvmField internal var isDialled: Boolean = true

    /** Whose it is, where it came by itself and somebody's: of those who ask by a key it fits him alone. */
    @JvmField internal var belongsTo: Any? = null

    /** Counts its leases: names the newest one while [SlotState.LEASED], the last one after. */
    @JvmField internal var use: Int = 0

    /** Its leases, where it may have several at a time; null where [use] says which it has. */
    @JvmField internal var leaseholders: Leaseholders? = null

    /** When it came into its state, or [UNSTAMPED]. */
    @JvmField internal var since: Long = UNSTAMPED

    /** Why it is going, from [SlotState.CLOSING] on; before, why it is not to come back: such a slot is *retiring*. */
    @JvmField internal var ending: Ending? = null

    /** Its place in the machine's list of all slots. */
    @JvmField internal var position: Int = -1

    // ---- what is due; see [Health], [Lifetimes], [Departures] -----------------------------------------------------------

    /** When its life is over. */
    @JvmField internal var endsAt: Long = NEVER

    /** From when on too little of its life is left for anybody. */
    @JvmField internal var lentUntil: Long = NEVER

    /** When its successor is to be dialled, or it retires. */
    @JvmField internal var retireAt: Long = NEVER

    /** When it is to be pinged. */
    @JvmField internal var pingAt: Long = NEVER

    /** When the last ping was sent. */
    @JvmField internal var pingedAt: Long = 0

    /** When the pong of the ping under way must have come. */
    @JvmField internal var pongBy: Long = NEVER

    /** Lent, and not to be lent again before it has answered the ping under way. */
    @JvmField internal var isInDoubt: Boolean = false

    /** When its closing or aborting is late. */
    @JvmField internal var goneBy: Long = NEVER

    /** How much had been [heard] when the machine last looked. */
    @JvmField internal var heardBefore: Int = 0

    /** True while the lease [use] of it is out. */
    internal fun isHeldFor(use: Int): Boolean =
        state == SlotState.LEASED && leaseholders.let { if (it == null) this.use == use else use in it }

    /** True where it stays leased when the present lease is over: others have it too. */
    internal val isShared: Boolean get() = leaseholders.let { it != null && it.count > 0 }

    /** True while nobody knows whether it lives: it has not been heard since it was doubted. */
    internal val isUnproved: Boolean get() = isInDoubt && heard == heardBefore

    /** The first of what is due. */
    internal val nextDue: Long
        get() = when (state) {
            SlotState.CONNECTING, SlotState.ENDED -> NEVER
            SlotState.CHECKING -> pongBy
            SlotState.IDLE -> minOf(pingAt, pongBy, if (ending == null) retireAt else lentUntil)
            SlotState.LEASED -> minOf(pingAt, pongBy, if (ending == null) retireAt else NEVER)
            SlotState.CLOSING, SlotState.ABORTING -> goneBy
        }

    // ---- what the shell knows ------------------------------------------------------------------------------------------

    /** What callers name it by. May change once, while it connects. */
    internal abstract val id: Any

    /**
     * True where nothing has arrived since its last lease ended. Asked instead of being told: a turn takes time, and a message
     * may not overtake the caller who borrows next.
     */
    internal abstract val isQuiet: Boolean

    /** Makes it quiet if the pool's policy has a way for unsolicited messages. */
    internal abstract fun quieten(): Boolean

    /** Counts what has arrived, pongs too. */
    internal abstract val heard: Int

    /** When the last pong came, or 0. */
    internal abstract val pongAt: Long

    /** True while it reads nothing, as its holder reads nothing: a peer that is not heard cannot be blamed. */
    internal abstract val isParked: Boolean

    /** True where it can be proved by a ping. */
    internal abstract val canPing: Boolean

    override fun toString(): String = "slot$number"

    internal companion object {
        /** The state changed after the last tick; borrow and return read no clock. */
        const val UNSTAMPED: Long = -1L
    }
}

/**
 * ```
 * CONNECTING ──> IDLE <──> LEASED
 *     │          │  ▲        │
 *     │          ▼  │        │
 *     │        CHECKING      │
 *     │           └──> CLOSING ──> ABORTING      from CHECKING, IDLE, LEASED; where the peer is silent, at once to ABORTING
 *     │                  │             │
 *     └────────────────> ENDED <───────┘         and from CHECKING, IDLE and LEASED, when the connection is lost
 * ```
 */
internal enum class SlotState {
    /** A dial was decided. */
    CONNECTING,

    /** Pinged, and not to be lent before it has answered. As [CONNECTING], it ends in *this connection is usable*, or not. */
    CHECKING,

    /** Ready to be lent. */
    IDLE,

    /** In a caller's hands, or several callers'; see [Sharing]. */
    LEASED,

    /** A closing handshake was decided; its socket is still open, and still counts. */
    CLOSING,

    /** The handshake took too long or makes no sense, and an abort was decided. */
    ABORTING,

    /** The socket is closed, or was given up. Counts no more. */
    ENDED,
}
