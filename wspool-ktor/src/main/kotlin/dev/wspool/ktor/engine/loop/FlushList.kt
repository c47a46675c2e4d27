package dev.wspool.ktor.engine.loop

import java.util.concurrent.atomic.AtomicReference

/** Who has written and waits to be flushed: a stack that many push to and one takes whole. Pushing allocates nothing. */
internal class FlushList {
    /** One who can be in the list, and only once at a time. */
    abstract class Entry : Watched {
        @Volatile
        internal var next: Entry? = null
    }

    private val top = AtomicReference<Entry?>()

    val isEmpty: Boolean get() = top.get() == null

    fun add(entry: Entry) {
        while (true) {
            val before = top.get()
            entry.next = before
            if (top.compareAndSet(before, entry)) return
        }
    }

    /** Takes all, the last first: each can be added again while [action] is called with it. */
    inline fun takeAll(action: (Entry) -> Unit) {
        var entry = top.getAndSet(null)
        while (entry != null) {
            val following = entry.next
            entry.next = null
            action(entry)
            entry = following
        }
    }
}
