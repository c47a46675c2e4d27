package dev.wspool.internal.machine

/**
 * A doubly linked list through its own elements: both ends and any element are taken out in O(1), and nothing is kept of
 * what was. An element stands in one chain at a time.
 */
internal class Chain<T : Link> {
    private var head: Link? = null
    private var tail: Link? = null

    var size: Int = 0
        private set

    @Suppress("UNCHECKED_CAST")
    val first: T? get() = head as T?

    @Suppress("UNCHECKED_CAST")
    val last: T? get() = tail as T?

    fun isEmpty(): Boolean = head == null

    fun addLast(element: T) {
        val before = tail
        element.previous = before
        if (before == null) head = element else before.next = element
        tail = element
        size++
    }

    fun removeFirst(): T? = first?.also(::remove)

    fun remove(element: T) {
        val before = element.previous
        val after = element.next
        if (before == null) head = after else before.next = after
        if (after == null) tail = before else after.previous = before
        element.previous = null
        element.next = null
        size--
    }

    inline fun forEach(action: (T) -> Unit) {
        var element = first
        while (element != null) {
            action(element)
            @Suppress("UNCHECKED_CAST")
            element = element.next as T?
        }
    }
}
