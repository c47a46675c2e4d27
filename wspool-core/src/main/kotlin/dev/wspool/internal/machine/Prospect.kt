package dev.wspool.internal.machine

/** What a group may expect of [member] for those who wait: it is planned anew after each turn, in their order. */
internal class Prospect(private val member: Member) {
    private val roster get() = member.roster
    private val machine get() = member.machine

    /** For how many of them it is counted on. */
    var planned = 0
        private set

    /** The balancer has chosen it for somebody, and it may have no connection more, as others have all that there may be. */
    var isMissed = false

    /** How many of them what is under way can serve. */
    private var coming = 0

    /** How many of them could be served by dials that are still to be made. */
    private var dialable = 0

    /** Begins a plan: a dial that is older than [patience] is counted on for nobody. */
    fun begin(now: Long, patience: Long) {
        planned = 0
        isMissed = false
        val places = machine.limits.leasesPerConnection
        val isAble = member.isInService && !machine.governor.isStopped(now)
        coming = if (isAble) places * roster.slots.count { it.isComing(now, patience) } else 0
        // What lies idle fits none of those who still wait, and can be replaced.
        dialable = if (isAble) places * (machine.capacity - roster.size + roster.idle.size).coerceAtLeast(0) else 0
    }

    private fun Slot.isComing(now: Long, patience: Long): Boolean =
        ending == null && (state == SlotState.CHECKING || (state == SlotState.CONNECTING && now - since < patience))

    /** True where something is under way that nobody is counted on. */
    val hasSpare: Boolean get() = planned < coming

    /** True where one more of those who wait can be counted on it, with so many places for dials left in the group. */
    fun hasPlace(room: Int): Boolean = hasSpare || (planned < coming + dialable && room > 0)

    /** Counts on it for one more. True where that takes a dial. */
    fun count(): Boolean = planned++ >= coming

    // ---- dials that are not answered -------------------------------------------------------------------------------------

    /** True where nothing says that a dial would fail, or take for ever. */
    fun isPromising(now: Long, patience: Long): Boolean = !machine.governor.isBackingOff && stalled(now, patience) == 0

    /** True where nothing says that who waits for it waits in vain. */
    fun isHopeful(now: Long, patience: Long): Boolean = roster.idle.size + roster.leased > 0 || isPromising(now, patience)

    /** How many of its dials are so old that nobody counts on them. */
    fun stalled(now: Long, patience: Long): Int = if (roster.connecting == 0) 0 else roster.slots.count { it.isStalled(now, patience) }

    private fun Slot.isStalled(now: Long, patience: Long) = state == SlotState.CONNECTING && now - since >= patience

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

    /** Calls off a dial that nobody counts on: as one that has failed. False where there is none. */
    fun giveUpStalled(now: Long, patience: Long): Boolean {
        val slot = roster.slots.firstOrNull { it.ending == null && it.isStalled(now, patience) } ?: return false
        machine.departures.callOff(slot, Ending.UNFIT)
        member.failed(now)
        return true
    }
}
