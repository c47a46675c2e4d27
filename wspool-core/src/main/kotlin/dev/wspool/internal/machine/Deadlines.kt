package dev.wspool.internal.machine

/**
 * What is due when: a binary heap whose elements know their place, so that any of them is taken out in O(log n) and a tick
 * touches only what is due. Entered with a later deadline than all others, as callers with one timeout are, it costs O(1).
 */
internal class Deadlines {
    private var heap = arrayOfNulls<Link>(SMALLEST)

    var size: Int = 0
        private set

    /** When the first is due, or [NEVER]. */
    val first: Long get() = heap[0]?.dueAt ?: NEVER

    fun add(element: Link, dueAt: Long) {
        if (dueAt == NEVER) return
        element.dueAt = dueAt
        if (size == heap.size) heap = heap.copyOf(size * 2)
        siftUp(size++, element)
    }

    /** Takes [element] out; harmless where it is not in. */
    fun remove(element: Link) {
        val index = element.heapIndex
        if (index == Link.NOWHERE) return
        element.heapIndex = Link.NOWHERE
        val moved = heap[--size]!!
        heap[size] = null
        if (index != size) {
            siftDown(index, moved)
            if (heap[index] === moved) siftUp(index, moved)
        }
        if (heap.size > SMALLEST && size < heap.size / 4) heap = heap.copyOf(heap.size / 2)
    }

    /** Takes out the first that is due at [now], or returns null. */
    fun removeDue(now: Long): Link? = heap[0]?.takeIf { it.dueAt <= now }?.also(::remove)

    /** True where every element is where it says, and none is due before its parent. For invariants. */
    fun isConsistent(): Boolean = (0 until size).all { index ->
        val element = heap[index]
        element != null && element.heapIndex == index && heap[(index - 1) / 2]!!.dueAt <= element.dueAt
    }

    private fun siftUp(from: Int, element: Link) {
        var index = from
        while (index > 0) {
            val parent = (index - 1) / 2
            val above = heap[parent]!!
            if (above.dueAt <= element.dueAt) break
            place(index, above)
            index = parent
        }
        place(index, element)
    }

    private fun siftDown(from: Int, element: Link) {
        var index = from
        while (true) {
            var child = 2 * index + 1
            if (child >= size) break
            if (child + 1 < size && heap[child + 1]!!.dueAt < heap[child]!!.dueAt) child++
            val below = heap[child]!!
            if (element.dueAt <= below.dueAt) break
            place(index, below)
            index = child
        }
        place(index, element)
    }

    private fun place(index: Int, element: Link) {
        heap[index] = element
        element.heapIndex = index
    }

    private companion object {
        const val SMALLEST = 16
    }
}
