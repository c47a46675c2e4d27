package dev.wspool.ktor.soak

import java.util.concurrent.CopyOnWriteArrayList
import kotlin.time.Duration
import kotlin.time.Duration.Companion.nanoseconds

/** What has happened, and when (in nanoseconds). A fault is noted before it does any harm. */
internal class Timeline {
    class Entry(val fault: Fault, val start: Long) {
        @Volatile
        var end: Long = Long.MAX_VALUE
            internal set

        val lasted: Duration get() = (end - start).nanoseconds

        fun isAfter(start: Duration, at: Long): Boolean = at - this.start > start.inWholeNanoseconds
    }

    private val entries = CopyOnWriteArrayList<Entry>()

    val all: List<Entry> get() = entries

    fun begin(fault: Fault, at: Long = System.nanoTime()) {
        entries += Entry(fault, at)
    }

    fun end(at: Long = System.nanoTime()) {
        entries.last().end = at
    }

    /** The fault to blame for what happens [at] a moment, if there is one: it is under way, or its dead are still being found. */
    fun blamed(at: Long, slack: Duration): Fault? = entries.lastOrNull { entry ->
        val found = entry.start + ((entry.fault.detection ?: Duration.ZERO) + slack).inWholeNanoseconds
        at >= entry.start && (at <= entry.end || at <= found)
    }?.fault

    /** How long [fault] has lasted, all its times together. */
    fun lasted(fault: Fault): Duration = entries.filter { it.fault == fault }.fold(Duration.ZERO) { sum, it -> sum + it.lasted }

    fun times(fault: Fault): Int = entries.count { it.fault == fault }
}
