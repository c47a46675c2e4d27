package dev.wspool.ktor.engine.loop

import java.util.ArrayDeque
import java.util.concurrent.TimeUnit.NANOSECONDS

/** Tasks that are due in the order in which they were added, as all of them wait equally long. */
internal class Timers {
    private class Timer(val at: Long, val task: Runnable)

    private val timers = ArrayDeque<Timer>()

    /** [at] is on the clock of [System.nanoTime]. */
    fun add(at: Long, task: Runnable) {
        timers += Timer(at, task)
    }

    /** Milliseconds until the first is due, or [otherwise]; never 0, which would mean for ever. */
    fun untilNext(otherwise: Long): Long {
        val next = timers.peek() ?: return otherwise
        return NANOSECONDS.toMillis(next.at - System.nanoTime()).coerceAtLeast(0) + 1
    }

    fun clear(): Unit = timers.clear()

    fun runDue(run: (Runnable) -> Unit) {
        while (timers.peek()?.let { it.at - System.nanoTime() <= 0 } == true) run(timers.poll().task)
    }
}
