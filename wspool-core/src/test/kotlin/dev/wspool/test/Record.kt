package dev.wspool.test

import kotlinx.coroutines.channels.Channel

/** What happened, in order, to look at and to wait for. A wait for what can no longer happen fails instead of hanging. */
internal class Record<T : Any> {
    private val entries = ArrayList<T>()
    private val fresh = Channel<T>(Channel.UNLIMITED)

    val all: List<T> get() = synchronized(entries) { entries.toList() }

    val size: Int get() = synchronized(entries) { entries.size }

    fun add(entry: T): Unit = synchronized(entries) {
        entries += entry
        fresh.trySend(entry)
    }

    /** The next entry that nobody has awaited. */
    suspend fun await(): T {
        val next = fresh.receiveCatching()
        return next.getOrNull() ?: throw IllegalStateException(next.exceptionOrNull()?.message)
    }

    fun finish(why: String) {
        fresh.close(IllegalStateException(why))
    }
}
