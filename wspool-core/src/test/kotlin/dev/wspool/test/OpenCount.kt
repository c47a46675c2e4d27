package dev.wspool.test

import java.util.concurrent.TimeUnit
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock

/** How many of something are open, for a test that waits for a number of them. */
internal class OpenCount(private val things: String) {
    private val lock = ReentrantLock()
    private val changed = lock.newCondition()
    private var open = 0
    private var all = 0

    val now: Int get() = lock.withLock { open }

    val ever: Int get() = lock.withLock { all }

    /** One more; returns the how-manieth it is. */
    fun opened(): Int = lock.withLock {
        open++
        changed.signalAll()
        ++all
    }

    fun ended(): Unit = lock.withLock {
        open--
        changed.signalAll()
    }

    /** Waits until it is [number]; a wait that takes too long fails, so that a test does not hang. */
    fun await(number: Int): Unit = lock.withLock {
        var nanos = TimeUnit.SECONDS.toNanos(PATIENCE)
        while (open != number && nanos > 0) nanos = changed.awaitNanos(nanos)
        if (open != number) throw AssertionError("$open $things are open, not $number")
    }

    private companion object {
        const val PATIENCE = 20L
    }
}
