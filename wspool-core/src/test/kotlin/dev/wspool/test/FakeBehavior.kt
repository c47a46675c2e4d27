package dev.wspool.test

import kotlin.time.Duration

/**
 * How a fake does what it is asked to do: the columns of a cancellation matrix.
 *
 * ```
 * for (closing in listOf(FakeBehavior.Works, FakeBehavior.Fails(), FakeBehavior.Slow(10.milliseconds), FakeBehavior.Never)) {
 *     val connector = FakeConnector(autoConnect = true) { it.closing = closing }
 *     ...
 * }
 * ```
 */
sealed class FakeBehavior {
    /** At once, without suspending. */
    data object Works : FakeBehavior()

    /**
     * Throws what [failure] makes; without it, what is usual for the call: a refused connect, a lost connection, or for
     * a close an [java.io.IOException].
     */
    class Fails(val failure: (() -> Throwable)? = null) : FakeBehavior() {
        override fun toString(): String = "Fails"
    }

    /** After [time], real or virtual: the time of the caller's dispatcher. Cancelled before, it has done nothing. */
    class Slow(val time: Duration) : FakeBehavior() {
        override fun toString(): String = "Slow($time)"
    }

    /** Suspends until the caller is cancelled or the connection is gone. */
    data object Never : FakeBehavior()
}
