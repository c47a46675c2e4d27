package dev.wspool.internal.machine

/**
 * A pool of a group, one for each endpoint or key: what its machine is to heed beyond its own limits, and what the group knows of it. See
 * [GroupMachine].
 */
internal abstract class Member(private val group: GroupMachine) {
    private val dials get() = group.dials

    /** Set when it is made. */
    lateinit var machine: PoolMachine
        private set

    /** Null where nobody else could serve in its place. */
    internal abstract val circuit: Circuit?

    /** How many callers who wait in the group are to be served from here. */
    var wanted = 0

    /** How many callers wait whom nobody else may serve. */
    var awaiting = 0

    /** It goes when its leases are back, and serves nobody any more. */
    @Volatile
    var isLeaving = false

    /** Counts the group's borrows: which this one has served last. */
    var servedLast = 0L

    /** Since when it holds no connection, or [NEVER]. */
    var emptySince = NEVER

    val roster: Roster get() = machine.roster

    /** Whether nobody has, or waits for, what is its own alone. */
    val isUnused: Boolean get() = roster.leased == 0 && awaiting == 0

    /** Whether it lends at all. */
    val isInService: Boolean get() = !isLeaving && machine.phase == Phase.OPEN && !isEjected

    /** Whether it is out of service, a probe or not. */
    val isEjected: Boolean get() = circuit.let { it != null && it.state != CircuitState.CLOSED }

    /** Whether something may be had of it now. */
    val isWarm: Boolean get() = isInService && !roster.isBare

    /** How much of what it may have is in use. */
    val load: Double get() = (roster.leases + planned).toDouble() / (machine.capacity * machine.limits.leasesPerConnection)

    // ---- asked by its machine --------------------------------------------------------------------------------------------

    val isWanted: Boolean get() = wanted > 0

    /** False until the group knows of it. */
    var isIn = false

    val mayDial: Boolean get() = isIn && circuit?.state != CircuitState.OPEN && dials.room > 0

    /** How many more connections the group may have. */
    val roomInGroup: Int get() = dials.room.coerceAtLeast(0)

    /** True where the group has more than it may, after that was lowered. */
    val isOneTooMany: Boolean get() = group.surplus > 0

    val permittedFrom: Long get() = dials.permittedFrom

    /** 1 where a dial is to be made to see whether it can be served again. */
    val probes: Int get() = if (circuit?.isProbeWanted == true && roster.coming == 0) 1 else 0

    fun dialled(now: Long): Long = dials.dialled(now)

    /** Who has waited longest in the group of those whom [slot] fits and who may be served from here, or null. */
    fun firstFitting(slot: Slot, now: Long): Ticket? = group.firstFitting(this, slot, now)

    // ---- told by its machine ---------------------------------------------------------------------------------------------

    fun joined(machine: PoolMachine) {
        this.machine = machine
    }

    /** [ticket] of the group gets a connection of this member. */
    fun granted(ticket: Ticket) = group.granted(ticket, this)

    fun dialAnswered() = dials.answered()

    /** A connection counts no more. */
    fun gone() = dials.gone()

    fun connected(now: Long) {
        circuit?.connected(now)
    }

    /** A dial has failed, a connection was silent, or its end says that the server is in trouble. */
    open fun failed(now: Long) {
        circuit?.failed(now)
    }

    // ---- the group's plan for those who wait -----------------------------------------------------------------------------

    /** How many of them [plan] counts on it for. */
    var planned = 0
        private set

    /** How many of them what is under way can serve. */
    private var coming = 0

    /** How many of them could be served by dials that are still to be made. */
    private var dialable = 0

    /** Begins a plan: a dial that is older than [patience] is counted on for nobody. */
    fun plan(now: Long, patience: Long) {
        planned = 0
        val places = machine.limits.leasesPerConnection
        val isAble = isInService && !machine.governor.isStopped(now)
        coming = if (isAble) places * roster.slots.count { it.isComing(now, patience) } else 0
        dialable = if (isAble) places * (machine.capacity - roster.size).coerceAtLeast(0) else 0
    }

    private fun Slot.isComing(now: Long, patience: Long): Boolean =
        ending == null && (state == SlotState.CHECKING || (state == SlotState.CONNECTING && now - since < patience))

    /** When the first of its dials that are younger at [now] becomes one that nobody counts on, or [NEVER]. */
    fun stalledAt(now: Long, patience: Long): Long {
        if (roster.connecting == 0) return NEVER
        var first = NEVER
        for (slot in roster.slots) {
            val at = slot.since.plusSpan(patience)
            if (slot.state == SlotState.CONNECTING && at > now) first = minOf(first, at)
        }
        return first
    }

    /** True where nothing says that a dial would fail, or take for ever. */
    fun isPromising(now: Long, patience: Long): Boolean = !machine.governor.isBackingOff &&
        (roster.connecting == 0 || roster.slots.none { it.state == SlotState.CONNECTING && now - it.since >= patience })

    /** True where something is under way that nobody is counted on. */
    val hasSpare: Boolean get() = planned < coming

    /** True where one more of those who wait can be counted on it, with so many places for dials left in the group. */
    fun hasPlace(room: Int): Boolean = hasSpare || (planned < coming + dialable && room > 0)

    /** Counts on it for one more. True where that takes a dial. */
    fun plan(): Boolean = planned++ >= coming
}
