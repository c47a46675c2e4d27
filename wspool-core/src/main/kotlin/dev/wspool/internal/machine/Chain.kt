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

    fun addFirst(element: T) {
        val after = head
        element.next = after
        if (after == null) tail = element else after.previous = element
        head = element
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

    /** The [action] may take out the element that it is given. */
    inline fun forEach(action: (T) -> Unit) {
        var element = first
        while (element != null) {
            @Suppress("UNCHECKED_CAST")
            val after = element.next as T?
            action(element)
            element = after
        }
    }

    /** The [condition] may take out the element that it is given. */
    inline fun firstOrNull(condition: (T) -> Boolean): T? {
        forEach { if (condition(it)) return it }
        return null
    }

    /** The [condition] may take out the element that it is given. */
    inline fun lastOrNull(condition: (T) -> Boolean): T? {
        var element = last
        while (element != null) {
            @Suppress("UNCHECKED_CAST")
            val before = element.previous as T?
            if (condition(element)) return element
            element = before
        }
        return null
    }
}
