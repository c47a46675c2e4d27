package dev.wspool.internal.machine

/**
 * All connections that have not ended, each in one state. A state is entered in [move] alone, so that the counts, the idle
 * chain and the slot itself cannot come to disagree.
 */
internal class Roster(leasesPerConnection: Int, private val member: Member?) {
    private val all = ArrayList<Slot>()
    private val counts = IntArray(SlotState.entries.size)

    /** The longest idle first, the newest last. */
    val idle = Chain<Slot>()

    /** Leased connections that can be lent once more; null where a connection has one lease at a time. */
    val sharing: Sharing? = if (leasesPerConnection > 1) Sharing(leasesPerConnection) else null

    /** Idle connections that are retiring: lent until their successor is there. */
    var aging = 0
        private set

    /** True while a slot has changed its state since the last [stamp]. */
    var hasUnstamped = false
        private set

    val slots: List<Slot> get() = all
    val size: Int get() = all.size
    val connecting: Int get() = counts[SlotState.CONNECTING.ordinal]
    val checking: Int get() = counts[SlotState.CHECKING.ordinal]
    val leased: Int get() = counts[SlotState.LEASED.ordinal]
    val closing: Int get() = counts[SlotState.CLOSING.ordinal] + counts[SlotState.ABORTING.ordinal]

    /** Those that will be usable, or not, without anybody's doing. */
    val coming: Int get() = connecting + checking

    /** How many leases are out. */
    val leases: Int get() = sharing?.leases ?: leased

    /** True where nothing is there that could be lent now. */
    val isBare: Boolean get() = idle.isEmpty() && sharing?.isFull != false

    /** Those that count as the pool's capacity from now on. */
    val staying: Int get() = size - closing

    /** Those of them that do not go with their present leases. */
    val lasting: Int get() = staying - all.count { it.state == SlotState.LEASED && it.ending != null }

    /** In a group a connection may be another pool's. */
    operator fun contains(slot: Slot): Boolean = all.getOrNull(slot.position) === slot

    fun count(state: SlotState): Int = counts[state.ordinal]

    /** Takes up a [slot] that is about to be dialled. */
    fun add(slot: Slot) {
        slot.position = all.size
        all.add(slot)
        sharing?.added(slot)
        counts[slot.state.ordinal]++
    }

    /** The idle [slot] is retiring, and lent on until its successor is there. */
    fun age(slot: Slot, ending: Ending) {
        slot.ending = ending
        aging++
    }

    /** Brings [slot] from its state to the next. True where it is the first that wants to be stamped. */
    fun move(slot: Slot, state: SlotState): Boolean {
        counts[slot.state.ordinal]--
        if (slot.state == SlotState.IDLE) {
            idle.remove(slot)
            if (slot.ending != null) aging--
        } else if (sharing != null && slot.isShared) {
            sharing.left(slot)
        }
        slot.state = state
        slot.since = Slot.UNSTAMPED
        if (state == SlotState.ENDED) {
            remove(slot)
            member?.gone()
            return false
        }
        counts[state.ordinal]++
        if (state == SlotState.IDLE) idle.addLast(slot)
        return !hasUnstamped.also { hasUnstamped = true }
    }

    /** Writes down [now] for what has changed since the last time. */
    fun stamp(now: Long) {
        if (!hasUnstamped) return
        hasUnstamped = false
        for (slot in all) if (slot.since == Slot.UNSTAMPED) slot.since = now
    }

    private fun remove(slot: Slot) {
        val last = all.removeAt(all.lastIndex)
        if (last === slot) return
        all[slot.position] = last
        last.position = slot.position
    }
}
