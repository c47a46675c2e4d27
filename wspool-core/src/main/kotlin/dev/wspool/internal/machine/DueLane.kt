package dev.wspool.internal.machine

/**
 * Elements that came in the order in which they are due. To add the next and to take out any of them costs O(1) and touches no
 * other element: a heap would have to look at a few for each, and in a crowd they are in no cache.
 *
 * A ring, in which one that was taken out leaves a hole until those before it are gone, or the ring is full and closes up.
 */
internal class DueLane {
    private var ring = arrayOfNulls<Link>(SMALLEST) // its size is a power of two
    private var begin = 0
    private var length = 0 // with the holes

    /** When the last was due that was added, though it may be gone. */
    private var latest = 0L

    var size: Int = 0
        private set

    /** The first that is due, or null. */
    val first: Link? get() = ring[begin]

    /** True where what is due at [dueAt] is due after all that are in. */
    fun takes(dueAt: Long): Boolean = size == 0 || dueAt >= latest

    fun add(element: Link) {
        if (length == ring.size) closeUp(if (size > length / 2) length * 2 else length)
        put(element)
        size++
        latest = element.dueAt
    }

    /** True where [element] is in here. */
    fun has(element: Link): Boolean = element.place < ring.size && ring[element.place] === element

    fun remove(element: Link) {
        ring[element.place] = null
        size--
        if (ring.size > SMALLEST && size < ring.size / 4) return closeUp(ring.size / 2)
        while (length > 0 && ring[begin] == null) { // the first is no hole
            begin = (begin + 1) and (ring.size - 1)
            length--
        }
    }

    /**
     * True where the first is no hole, every element is where it says, none is due before one that came before it, and the ring
     * is not much larger than what is in.
     */
    fun isConsistent(): Boolean {
        val elements = elements()
        return elements.size == size &&
            (ring.size == SMALLEST || size >= ring.size / 4) &&
            (size == 0) == (first == null) &&
            elements.all(::has) &&
            elements.zipWithNext().all { (one, next) -> one.dueAt <= next.dueAt } &&
            (size == 0 || elements.last().dueAt <= latest)
    }

    private fun put(element: Link) {
        val place = (begin + length++) and (ring.size - 1)
        ring[place] = element
        element.place = place
    }

    /** Goes on in a ring of [capacity], without the holes. */
    private fun closeUp(capacity: Int) {
        val elements = elements()
        ring = arrayOfNulls(capacity)
        begin = 0
        length = 0
        elements.forEach(::put)
    }

    private fun elements(): List<Link> = (0 until length).mapNotNull { ring[(begin + it) and (ring.size - 1)] }

    private companion object {
        const val SMALLEST = 16
    }
}
