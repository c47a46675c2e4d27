package dev.wspool.internal.machine

/** The leases of one connection, by the [Slot.use] that each was. */
internal class Leaseholders(places: Int) {
    private val uses = IntArray(places)

    var count = 0
        private set

    /** True where some place is taken, and some is free. */
    val hasRoom: Boolean get() = count in 1 until uses.size

    operator fun contains(use: Int): Boolean = placeOf(use) >= 0

    fun add(use: Int) {
        uses[count++] = use
    }

    fun remove(use: Int) {
        uses[placeOf(use)] = uses[--count]
    }

    fun clear() {
        count = 0
    }

    private fun placeOf(use: Int): Int {
        for (place in 0 until count) if (uses[place] == use) return place
        return -1
    }
}
