package dev.wspool.internal.machine

/** A connection of a [PoolSimulation]: what the engine has of it, and what the [PoolModel] knows of it. Never what the machine thinks. */
internal class SimulatedSlot(number: Long) : Slot(number) {
    // ---- the engine ----------------------------------------------------------------------------------------------------

    var socket = Socket.NONE
    var isDialCancelled = false

    /** The machine knows of the connection, and is to be told of its end. */
    var isAnnounced = false

    /** What has arrived and nobody has read. */
    var unread = 0

    /** Does not answer a Close. */
    var isMute = false

    /** Its engine cannot tell when an aborted socket is closed. */
    var isZombie = false

    /** The lease that its user holds, or held last. */
    var userLease: SimulatedLease? = null

    override val id: Any get() = number

    override val isQuiet: Boolean get() = unread == 0

    override fun quieten(): Boolean = isQuiet

    override var heard = 0
    override var pongAt = 0L
    override val isParked: Boolean get() = false
    override val canPing: Boolean get() = true

    // ---- the model -----------------------------------------------------------------------------------------------------

    var life = Life.DIALLING
    var isGivenUp = false
    var holder: SimulatedCaller? = null
    var uses = 0
    var going: Ending? = null

    /** When it came into its life, and when the machine first looked at the clock after that. */
    var changedAt = 0L
    var stampedAt = UNSTAMPED

    fun enter(life: Life, now: Long) {
        this.life = life
        changedAt = now
        stampedAt = UNSTAMPED
    }

    enum class Socket { NONE, DIALLING, OPEN, CLOSING, ABORTED, CLOSED }

    enum class Life {
        DIALLING,

        /** Usable, and within the turn not yet given to anyone. */
        IN_HAND,
        IDLE,
        LENT,
        CLOSING,
        ABORTING,
        GONE,
    }
}
