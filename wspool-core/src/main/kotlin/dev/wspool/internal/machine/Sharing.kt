package dev.wspool.internal.machine

/**
 * Connections that may have several leases at a time: which of them has room for one more, the least loaded first. Without it
 * (see [Limits.leasesPerConnection]) a leased connection has one lease, and [Slot.use] tells which.
 *
 * A connection stands here while it is [SlotState.LEASED] and has room; whether it may be lent at all is the asker's to say.
 */
internal class Sharing(private val places: Int) {
    /** Those with one lease, with two, and so on. */
    private val byLoad = Array(places - 1) { Chain<Slot>() }

    /** No connection with room has fewer leases. */
    private var lightest = places

    /** How many leases are out. */
    var leases = 0
        private set

    /** True where no connection has room. */
    val isFull: Boolean
        get() {
            while (lightest < places && byLoad[lightest - 1].isEmpty()) lightest++
            return lightest == places
        }

    /** A dial was decided. */
    fun added(slot: Slot) {
        slot.leaseholders = Leaseholders(places)
    }

    /** The present use of [slot] is a further lease of it. */
    fun lent(slot: Slot) {
        val holders = slot.leaseholders!!
        takeOut(slot, holders)
        holders.add(slot.use)
        leases++
        putIn(slot, holders)
    }

    /** The lease [use] of [slot] is over. */
    fun returned(slot: Slot, use: Int) {
        val holders = slot.leaseholders!!
        takeOut(slot, holders)
        holders.remove(use)
        leases--
        putIn(slot, holders)
    }

    /** [slot] is leased no more: all leases of it are over. */
    fun left(slot: Slot) {
        val holders = slot.leaseholders!!
        takeOut(slot, holders)
        leases -= holders.count
        holders.clear()
    }

    /** The least loaded connection with room for which [condition] holds; of several the one that came to its load last. */
    inline fun leastLoaded(condition: (Slot) -> Boolean): Slot? {
        if (isFull) return null
        for (load in lightest until places) byLoad[load - 1].lastOrNull(condition)?.let { return it }
        return null
    }

    /** For invariants. */
    fun contains(slot: Slot): Boolean = byLoad.any { chain -> chain.firstOrNull { it === slot } != null }

    private fun takeOut(slot: Slot, holders: Leaseholders) {
        if (holders.hasRoom) byLoad[holders.count - 1].remove(slot)
    }

    private fun putIn(slot: Slot, holders: Leaseholders) {
        if (!holders.hasRoom) return
        byLoad[holders.count - 1].addLast(slot)
        if (holders.count < lightest) lightest = holders.count
    }
}
