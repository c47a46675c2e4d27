package dev.wspool.internal.machine

/** A binary heap of what is due, whose elements know their place: any of them is taken out in O(log n). */
internal class DueHeap {
    private var heap = arrayOfNulls<Link>(SMALLEST)

    var size: Int = 0
        private set

    /** The first that is due, or null. */
    val first: Link? get() = heap[0]

    fun add(element: Link) {
        if (size == heap.size) heap = heap.copyOf(size * 2)
        siftUp(size++, element)
    }

    fun remove(element: Link) {
        val index = element.place
        val moved = heap[--size]!!
        heap[size] = null
        if (index != size) {
            siftDown(index, moved)
            if (heap[index] === moved) siftUp(index, moved)
        }
        if (heap.size > SMALLEST && size < heap.size / 4) heap = heap.copyOf(heap.size / 2)
    }

    /** True where every element is where it says, and none is due before its parent. */
    fun isConsistent(): Boolean = (0 until size).all { index ->
        val element = heap[index]
        element != null && element.place == index && heap[(index - 1) / 2]!!.dueAt <= element.dueAt
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
        element.place = index
    }

    private companion object {
        const val SMALLEST = 16
    }
}
