package dev.wspool.internal

import java.util.concurrent.atomic.AtomicInteger

/**
 * What the user of a connection still owes: operations that run, messages that came and are not read. What is cancelled or
 * fails is never settled. So one number tells whether a use has ended cleanly, and it is read without a lock.
 */
internal class Debts {
    private val count = AtomicInteger()

    val isNone: Boolean get() = count.get() == 0

    fun are(number: Int): Boolean = count.get() == number

    fun incur(number: Int = 1) {
        count.addAndGet(number)
    }

    fun settle(number: Int = 1) {
        count.addAndGet(-number)
    }
}
