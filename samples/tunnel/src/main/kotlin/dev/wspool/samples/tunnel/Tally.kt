package dev.wspool.samples.tunnel

import java.util.concurrent.atomic.LongAdder

/** What became of the TCP connections. */
class Tally {
    private val whole = LongAdder()
    private val broken = LongAdder()
    private val refused = LongAdder()
    private val sent = LongAdder()
    private val received = LongAdder()

    fun carried(bytes: Carried) {
        whole.increment()
        sent.add(bytes.sent)
        received.add(bytes.received)
    }

    /** One ended before both its ends had said so. */
    fun broke() = broken.increment()

    /** One came to nothing. */
    fun refused() = refused.increment()

    val carried: Long get() = whole.sum()
    val brokenOnes: Long get() = broken.sum()
    val refusedOnes: Long get() = refused.sum()

    override fun toString(): String =
        "$carried carried to their end (${sent.sum()} bytes into the tunnel, ${received.sum()} out of it), " +
            "$brokenOnes broken, $refusedOnes refused"
}
