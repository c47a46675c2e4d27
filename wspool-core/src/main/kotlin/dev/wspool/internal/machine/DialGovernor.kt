package dev.wspool.internal.machine

/**
 * Says when a dial may be made. After a failure the pool waits, longer with each that follows, and then sends one dial
 * ahead: a server that is down is asked ever more seldom, whatever the demand.
 */
internal class DialGovernor {
    private var failuresInARow = 0

    /** When the next dial may be made, after a failure. */
    var nextDialAt: Long = 0
        private set

    /** True after a failure, until a dial goes well. */
    val isBackingOff: Boolean get() = failuresInARow > 0

    /** The last failure to connect, or null where the last dial went well. */
    var lastFailure: Throwable? = null
        private set

    fun permits(now: Long, connecting: Int): Boolean = failuresInARow == 0 || (connecting == 0 && now >= nextDialAt)

    /** True where a dial is held back until [nextDialAt], and not by the answer that another dial will have. */
    fun isHolding(connecting: Int): Boolean = failuresInARow > 0 && connecting == 0

    fun succeeded() {
        failuresInARow = 0
        lastFailure = null
    }

    fun failed(failure: Throwable?, now: Long) {
        if (failure != null) lastFailure = failure
        if (failuresInARow > 0 && now < nextDialAt) return // dials that were under way together fail together: one failure
        nextDialAt = now.plusSpan(minOf(FIRST_DELAY shl failuresInARow.coerceAtMost(MOST_DOUBLINGS), LONGEST_DELAY))
        failuresInARow++
    }

    internal companion object {
        /** 100 ms. */
        const val FIRST_DELAY: Long = 100_000_000L

        /** 5 s. */
        const val LONGEST_DELAY: Long = 5_000_000_000L

        private const val MOST_DOUBLINGS = 10
    }
}
