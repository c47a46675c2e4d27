package dev.wspool.test

import java.util.concurrent.TimeUnit.NANOSECONDS
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock
import kotlin.time.Duration

/**
 * How a [FaultyProxy] carries what goes one way, on all its connections. Each setting holds from when it is set, also for
 * bytes on their way.
 */
class ProxyDirection internal constructor() {
    private val lock = ReentrantLock()
    private val changed = lock.newCondition()

    /** How long the proxy keeps what it has read before it passes it on, at least. Default: no time. */
    var delay: Duration = Duration.ZERO
        get() = lock.withLock { field }
        set(value) = change { field = value }

    /** True while nothing is passed on: TCP holds back the sender when the buffers on the way are full. Default: false. */
    var isStalled: Boolean = false
        get() = lock.withLock { field }
        set(value) = change { field = value }

    /** How many bytes pass in a second, on each connection. Default: no limit. */
    var bytesPerSecond: Int = Int.MAX_VALUE
        get() = lock.withLock { field }
        set(value) {
            require(value >= 1) { "bytesPerSecond must be at least 1, not $value: to let nothing pass, stall" }
            change { field = value }
        }

    /** A link is over, and waits for nothing any more. */
    internal fun ended(): Unit = change {}

    /** Waits until what was read [since] may go on. */
    internal fun awaitDue(link: ProxyLink, since: Long): Unit = lock.withLock {
        while (!link.isOver) {
            val left = delay.inWholeNanoseconds - (System.nanoTime() - since)
            if (isStalled) {
                changed.await()
            } else if (left > 0) {
                changed.await(left, NANOSECONDS)
            } else {
                break
            }
        }
    }

    /** How many of [size] bytes may go at once. */
    internal fun share(size: Int): Int = minOf(size, maxOf(1, bytesPerSecond / SHARES))

    /** Waits for the time that [size] bytes take, which have just gone, or until another pace is set. */
    internal fun awaitPace(link: ProxyLink, size: Int): Unit = lock.withLock {
        val pace = bytesPerSecond
        if (pace == Int.MAX_VALUE) return
        val start = System.nanoTime()
        while (!link.isOver && bytesPerSecond == pace) {
            val left = size * SECOND / pace - (System.nanoTime() - start)
            if (left <= 0) break
            changed.await(left, NANOSECONDS)
        }
    }

    private fun change(action: () -> Unit): Unit = lock.withLock {
        action()
        changed.signalAll()
    }

    private companion object {
        const val SHARES = 50
        const val SECOND = 1_000_000_000L
    }
}
