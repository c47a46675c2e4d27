package dev.wspool.samples.dashboard

import java.util.concurrent.atomic.AtomicInteger

/** What each dial is authorised by; the upstream takes the current one alone. */
class Credentials {
    private val number = AtomicInteger(1)

    /** How many there have been. */
    val generation: Int get() = number.get()

    /** The value of the header `Authorization`. */
    val current: String get() = "Bearer token-$generation"

    fun rotate(): Int = number.incrementAndGet()
}
