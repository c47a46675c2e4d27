package dev.wspool.internal.machine

/** What has happened, in numbers. */
internal class Tally {
    @JvmField internal var created: Long = 0

    @JvmField internal var connectFailures: Long = 0

    @JvmField internal var borrows: Long = 0

    @JvmField internal var borrowsAfterWaiting: Long = 0

    @JvmField internal var reused: Long = 0

    @JvmField internal var timedOut: Long = 0

    @JvmField internal var cancelled: Long = 0

    @JvmField internal var refused: Long = 0

    /** Inputs from incarnations that had ended. */
    @JvmField internal var late: Long = 0

    private val destroyed = LongArray(Ending.entries.size)

    /** Connections that are gone. */
    val destroyedTotal: Long get() = destroyed.sum()

    fun destroyed(ending: Ending): Long = destroyed[ending.ordinal]

    fun countDestroyed(ending: Ending) {
        destroyed[ending.ordinal]++
    }
}
