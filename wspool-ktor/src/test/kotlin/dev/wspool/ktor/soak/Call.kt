package dev.wspool.ktor.soak

import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** How one call is made. */
internal class Call(
    val requests: Int = 1,
    val size: Int = 0,
    val hold: Duration = Duration.ZERO,
    val borrowTimeout: Duration = BORROW_TIMEOUT,
    val receiveTimeout: Duration = RECEIVE_TIMEOUT,
    val cancelledAfter: Duration? = null,
    val patience: Duration? = null,
) {
    companion object {
        val BORROW_TIMEOUT: Duration = 3.seconds

        /** Longer than a dead connection can stay unnoticed. */
        val RECEIVE_TIMEOUT: Duration = 5.seconds

        private const val BIG = 100 * 1024

        /** Of a thousand calls 50 send 100 KiB, 20 ask five times, 10 + 5 + 5 + 5 are the caller's own undoing. */
        fun by(random: Random): Call = when (random.nextInt(1_000)) {
            in 0 until 50 -> Call(size = BIG)
            in 50 until 70 -> Call(requests = 5)
            in 70 until 80 -> Call(cancelledAfter = random.millis(20))
            in 80 until 85 -> Call(patience = random.millis(20))
            in 85 until 90 -> Call(borrowTimeout = random.millis(3))
            in 90 until 95 -> Call(receiveTimeout = random.millis(3))
            in 95 until 400 -> Call(hold = random.millis(30))
            else -> Call()
        }

        private fun Random.millis(most: Int): Duration = nextInt(most).milliseconds
    }
}
