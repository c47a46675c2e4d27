package dev.wspool.samples.devtools

import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicLong
import kotlin.time.Duration
import kotlin.time.Duration.Companion.nanoseconds

/** What a way to reach the browser has cost. */
class Tally {
    private val callCount = AtomicInteger()
    private val connectionCount = AtomicLong()
    private val waitNanos = AtomicLong()

    val calls: Int get() = callCount.get()
    val connections: Long get() = connectionCount.get()

    /** How long all callers together have waited until they had a connection. */
    val waiting: Duration get() = waitNanos.get().nanoseconds

    fun called() {
        callCount.incrementAndGet()
    }

    fun opened(connections: Long) {
        connectionCount.addAndGet(connections)
    }

    fun waited(time: Duration) {
        waitNanos.addAndGet(time.inWholeNanoseconds)
    }
}
