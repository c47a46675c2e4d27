package dev.wspool.internal.machine

/**
 * What is due when. Callers mostly have one timeout and so come in the order in which they are due: those stand in a [DueLane],
 * all else in a [DueHeap]. A tick touches only what is due.
 */
internal class Deadlines {
    private val lane = DueLane()
    private val heap = DueHeap()

    val size: Int get() = lane.size + heap.size

    /** When the first is due, or [NEVER]. */
    val first: Long get() = minOf(lane.first.dueOrNever, heap.first.dueOrNever)

    fun add(element: Link, dueAt: Long) {
        if (dueAt == NEVER) return
        element.dueAt = dueAt
        // A connection is due in minutes: at the end of the lane, it would be before its time for every caller.
        if (element is Ticket && lane.takes(dueAt)) lane.add(element) else heap.add(element)
    }

    /** Takes [element] out; harmless where it is not in. */
    fun remove(element: Link) {
        val place = element.place
        if (place == Link.NOWHERE) return
        if (lane.has(element)) lane.remove(element) else heap.remove(element)
        element.place = Link.NOWHERE
    }

    /** Takes out the first that is due at [now], or returns null. */
    fun removeDue(now: Long): Link? {
        val first = if (lane.first.dueOrNever <= heap.first.dueOrNever) lane.first else heap.first
        return first?.takeIf { it.dueAt <= now }?.also(::remove)
    }

    /** True where every element is where it says, and none is due before those that come before it. For invariants. */
    fun isConsistent(): Boolean = lane.isConsistent() && heap.isConsistent()

    private val Link?.dueOrNever: Long get() = this?.dueAt ?: NEVER
}
