package dev.wspool.internal

import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.nanoseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/**
 * The pool's time, in nanoseconds since it was made, and how it learns that it has slept: a suspended machine's monotonic clock
 * stands still, its wall clock does not.
 */
internal class Clock private constructor(
    private val nanoTime: () -> Long,
    private val origin: Long,
    private val wallClock: () -> Long,
    private val wallOrigin: Long,
) {
    constructor(timeSource: TimeSource, wallClock: () -> Long) :
        this(if (timeSource === TimeSource.Monotonic) System::nanoTime else timeSource.asNanoTime(), wallClock)

    private constructor(nanoTime: () -> Long, wallClock: () -> Long) : this(nanoTime, nanoTime(), wallClock, wallClock())

    /** The same time, for one more who is to learn that it has slept. */
    fun copy(): Clock = Clock(nanoTime, origin, wallClock, wallOrigin)

    /** How far the wall clock was ahead when last looked at. In turns. */
    private var ahead = Duration.ZERO

    fun now(): Long = nanoTime() - origin

    /** In a turn at [now]: how long the machine has slept since the last look, or null. A clock that was set is taken for sleep too. */
    fun jump(now: Long): Duration? {
        val nowAhead = (wallClock() - wallOrigin).milliseconds - now.nanoseconds
        val jump = nowAhead - ahead
        ahead = nowAhead
        return jump.takeIf { it >= LEAST }
    }

    private companion object {
        val LEAST = 5.seconds

        /** A mark and a [Duration] for each reading, which the system's own clock does without: callers who wait pay for it. */
        fun TimeSource.asNanoTime(): () -> Long = markNow().let { { it.elapsedNow().inWholeNanoseconds } }
    }
}
