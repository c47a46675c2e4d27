package dev.wspool.internal

import dev.wspool.StreamEnd
import java.io.IOException

/**
 * Whether a byte stream may be left as it is. It owes, in the books of its lease, as long as it may not, so that a release needs not
 * ask it.
 */
internal class StreamUse(private val lease: RealLease, val end: StreamEnd) {
    private var unread = 0
    private var unsent = 0
    private var hasBegun = false
    private var owes = false

    /** The peer has said that it was all. */
    @Volatile
    var isInputOver = false
        private set

    /** The peer has been told that it was all. */
    @Volatile
    var isOutputOver = false
        private set

    @Volatile
    var hasFailed = false
        private set

    @Volatile
    private var isOver = false

    fun checkOpen() {
        lease.checkOpen()
        if (isOver) throw IOException("The byte stream on $lease is closed")
    }

    /** [count] bytes have been taken from the lease, and not been read. */
    fun unread(count: Int) = note {
        hasBegun = true
        unread = count
    }

    /** [count] bytes have been written, and not been sent. */
    fun unsent(count: Int) = note {
        hasBegun = true
        unsent = count
    }

    fun inputOver() = note {
        hasBegun = true
        isInputOver = true
    }

    fun outputOver() = note {
        hasBegun = true
        unsent = 0
        isOutputOver = true
    }

    fun failed() = note { hasFailed = true }

    /** It is used no more. */
    fun end() {
        isOver = true
    }

    private inline fun note(change: () -> Unit): Unit = synchronized(this) {
        change()
        val isClean = !hasFailed && unread == 0 && unsent == 0 && isBetweenStreams
        if (isClean == !owes) return
        owes = !isClean
        // One that has ended with a debt is closed: settling it is late, but nobody else's.
        if (owes) lease.owe() else lease.connection.debts.settle()
    }

    private val isBetweenStreams: Boolean get() = end == StreamEnd.CloseFrame || !hasBegun || (isInputOver && isOutputOver)
}
