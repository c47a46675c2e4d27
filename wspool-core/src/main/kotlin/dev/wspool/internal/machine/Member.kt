package dev.wspool.internal.machine

/**
 * A pool of a group, one for each endpoint or key: what its machine is to heed beyond its own limits, and what the group knows of it. See
 * [GroupMachine].
 */
internal abstract class Member(private val group: GroupMachine, val affinity: Affinity = group.affinity) {
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
    val isInService: Boolean get() = machine.phase == Phase.OPEN && !isEjected

    /** Whether it is out of service, a probe or not. */
    val isEjected: Boolean get() = circuit.let { it != null && it.state != CircuitState.CLOSED }

    /** Whether something may be had of it now. */
    val isWarm: Boolean get() = isInService && !roster.isBare

    /** What the group may expect of it. */
    val prospect = Prospect(this)

    /** How much of what it may have is in use. */
    val load: Double get() = (roster.leases + prospect.planned).toDouble() / (machine.capacity * machine.limits.leasesPerConnection)

    /** Dials what is wanted of it, at most [most]. False where it did not dial so many. */
    fun dial(most: Int, now: Long): Boolean {
        allowance = most
        machine.freed(now)
        return (allowance == 0).also { allowance = 0 }
    }

    /** Connections that are about to go. */
    val going: Int
        get() = roster.closing + roster.slots.count {
            it.ending != null && (it.state == SlotState.CONNECTING || it.state == SlotState.LEASED)
        }

    /** Gives up a connection: one that lies idle, or one that comes back. */
    fun giveUp(now: Long) {
        val idle = roster.idle.first
        if (idle != null) return machine.departures.retire(idle, Ending.SURPLUS, now)
        roster.slots.firstOrNull { it.state == SlotState.LEASED && it.ending == null }?.ending = Ending.SURPLUS
    }

    // ---- asked by its machine --------------------------------------------------------------------------------------------

    val isWanted: Boolean get() = wanted > 0

    /** False until the group knows of it. */
    var isIn = false

    val mayDial: Boolean get() {
        if (!isIn || circuit?.state == CircuitState.OPEN) return false
        if (dials.roomFor(this) > 0) return true
        dials.isCrowded = true
        return false
    }

    /** How many dials it may begin now: it does so when the group says, which goes by the order of those who wait. */
    private var allowance = 0

    fun mayBegin(): Boolean {
        if (allowance == 0) dials.hasMore = true
        return allowance > 0
    }

    /** How many more connections the group may have here. */
    val roomInGroup: Int get() = dials.roomFor(this).coerceAtLeast(0)

    /** True where the group has more than it may, after that was lowered. */
    val isOneTooMany: Boolean get() = group.surplus > 0

    val permittedFrom: Long get() = dials.permittedFrom

    /** 1 where a dial is to be made to see whether it can be served again. */
    val probes: Int get() = if (circuit?.isProbeWanted == true && roster.coming == 0) 1 else 0

    fun dialled(now: Long): Long {
        allowance--
        emptySince = NEVER
        return dials.dialled(this, now)
    }

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
        if (isLeaving) return
        circuit?.let {
            it.failed(now)
            group.wakeFor(it.ejectedUntil)
        }
    }
}
