package dev.wspool.internal

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater

/**
 * What the user of a connection still owes: operations that run, messages that came and are not read. What is cancelled or
 * fails is never settled. So one number tells whether a use has ended cleanly, and it is read without a lock.
 */
internal class Debts {
    @Volatile
    private var count = 0

    val isNone: Boolean get() = count == 0

    fun are(number: Int): Boolean = count == number

    fun incur(number: Int = 1) {
        COUNT.addAndGet(this, number)
    }

    fun settle(number: Int = 1) {
        COUNT.addAndGet(this, -number)
    }

    private companion object {
        val COUNT: AtomicIntegerFieldUpdater<Debts> = AtomicIntegerFieldUpdater.newUpdater(Debts::class.java, "count")
    }
}
