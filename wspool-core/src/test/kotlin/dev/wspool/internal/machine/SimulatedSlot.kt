package dev.wspool.internal.machine

/** A connection of a [PoolSimulation]: what the engine has of it, and what the [PoolModel] knows of it. Never what the machine thinks. */
internal class SimulatedSlot(number: Long, override val canPing: Boolean, private val isForgiven: Boolean, private val places: Int) :
    Slot(number) {
    // ---- the engine ----------------------------------------------------------------------------------------------------

    var socket = Socket.NONE
    var isDialCancelled = false

    /** The machine knows of the connection, and is to be told of its end. */
    var isAnnounced = false

    /** What has arrived and nobody has read. */
    var unread = 0

    /** Does not answer a Close. */
    var isMute = false

    /** Is open on this side alone: answers no ping. */
    var isDeaf = false

    /** Its engine cannot tell when an aborted socket is closed. */
    var isZombie = false

    /** Pings that the peer may answer; and whether the machine waits for one. */
    var pings = 0
    var isChecked = false

    /** When something came last. */
    var heardAt = -1L

    /** What its users hold, or held last: with several of them at a time, what comes is told apart by whose it is. */
    val userLeases = ArrayList<SimulatedLease>()
    val isForSeveral: Boolean get() = places > 1

    override val id: Any get() = number

    override val isQuiet: Boolean get() = unread == 0

    override fun quieten(): Boolean {
        if (isForgiven) unread = 0
        return isQuiet
    }

    /** True where it can be lent as far as what has arrived goes. */
    val isCalm: Boolean get() = isForgiven || isQuiet

    override var heard = 0
    override var pongAt = 0L
    override var isParked = false

    // ---- the model -----------------------------------------------------------------------------------------------------

    var life = Life.DIALLING
    var isGivenUp = false

    /** Nobody has dialled it. */
    var hasComeByItself = false

    /** Whose it is, where it is anybody's. */
    var keyOfOwner: Any? = null
    var uses = 0

    /** Who has it, by the use that he was given. */
    val holders = LinkedHashMap<Int, SimulatedCaller>()
    val hasRoom: Boolean get() = holders.size in 1 until places
    var going: Ending? = null

    /** Why it does not come back once it is returned; or, where its life is over and it is idle, is lent until its successor is there. */
    var retiring: Ending? = null

    /** Its user wanted it, and all of its time, to go. */
    var isOutdated = false

    /** It had served as often as is allowed when less was allowed than before. */
    var hasGraceUse = false

    /** When it came into its life, and when the machine first looked at the clock after that. */
    var changedAt = 0L
    var stampedAt = UNSTAMPED

    /** When its closing, or its abort, is late. */
    var leavesBy = NEVER

    // What its life is: when its successor is wanted, until when it serves, when it is over.
    var successorAt = NEVER
    var servesUntil = NEVER
    var diesAt = NEVER

    /** When the answer to the ping under way is late, and how much had been heard when it was sent. */
    var answerBy = NEVER
    var heardAtPing = 0

    /** When it was last known to live. */
    var provedAt = 0L

    /** From when on its silence counts: [provedAt], or later. */
    var silentFrom = 0L

    /** When it could not be blamed for its silence. */
    var excusedAt = -1L

    /** It is lent, and has to answer the ping under way before it is lent again. */
    var isDoubted = false

    /** When the machine was last sure to have looked whether it was heard. */
    var lookedAt = 0L

    /** Others may have it too: it is well, as far as anybody knows, and is to stay. */
    val isShareable: Boolean get() = life == Life.LENT && hasRoom && retiring == null && !(isDoubted && heard == heardAtPing)

    val hasAnswered: Boolean get() = heard != heardAtPing || isParked

    /** The machine has taken note, [now], that it lived at [time]. */
    fun proved(now: Long, time: Long = now) {
        answerBy = NEVER
        isDoubted = false
        provedAt = time
        silentFrom = time
        lookedAt = now
    }

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
        CHECKED,
        IDLE,
        LENT,
        CLOSING,
        ABORTING,
        GONE,
    }
}
