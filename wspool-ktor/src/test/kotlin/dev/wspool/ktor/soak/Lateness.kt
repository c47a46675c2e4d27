package dev.wspool.ktor.soak

import kotlin.concurrent.thread
import kotlin.time.Duration
import kotlin.time.Duration.Companion.nanoseconds

/** How late a thread came that wanted to run every 10 ms: what the machine, its other users and the garbage collector took. */
internal class Lateness : AutoCloseable {
    @Volatile
    private var isOver = false

    /** The worst so far. */
    @Volatile
    var worst: Duration = Duration.ZERO
        private set

    private val thread = thread(isDaemon = true, name = "lateness") {
        while (!isOver) {
            val start = System.nanoTime()
            Thread.sleep(PERIOD)
            worst = maxOf(worst, (System.nanoTime() - start - PERIOD * MILLI).nanoseconds)
        }
    }

    override fun close() {
        isOver = true
        thread.join()
    }

    private companion object {
        const val PERIOD = 10L
        const val MILLI = 1_000_000
    }
}
