package dev.wspool.internal.machine

/** Chance, as a parameter: the machine has none of its own, so that the same calls give the same effects. */
internal fun interface Jitter {
    /** At least 0, less than 1. */
    fun next(): Double
}

/** Anything from 0 to this span. */
internal fun Long.jittered(jitter: Jitter): Long = if (this == NEVER) NEVER else (this * jitter.next()).toLong()
