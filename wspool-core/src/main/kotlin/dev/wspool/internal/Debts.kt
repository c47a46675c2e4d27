package dev.wspool.internal

import dev.wspool.internal.machine.Slot
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater

/**
 * What the user of a connection still owes: operations that run, messages that came and are not read. What is cancelled or
 * fails is never settled. So one number tells whether a use has ended cleanly, and it is read without a lock.
 */
internal interface Debts {
    val isNone: Boolean

    fun are(number: Int): Boolean

    fun incur(number: Int = 1)

    fun settle(number: Int = 1)
}

/** A connection on which one user at a time owes. It counts itself, as thousands may lie idle. */
internal abstract class DebtorSlot(number: Long) :
    Slot(number),
    Debts {
    @Volatile
    private var owed = 0

    final override val isNone: Boolean get() = owed == 0

    final override fun are(number: Int): Boolean = owed == number

    final override fun incur(number: Int) {
        OWED.addAndGet(this, number)
    }

    final override fun settle(number: Int) {
        OWED.addAndGet(this, -number)
    }

    private companion object {
        val OWED: AtomicIntegerFieldUpdater<DebtorSlot> = AtomicIntegerFieldUpdater.newUpdater(DebtorSlot::class.java, "owed")
    }
}

/** Those of who shares a connection: what he leaves open is his own, and concerns nobody else. */
internal object NoDebts : Debts {
    override val isNone: Boolean get() = true

    override fun are(number: Int): Boolean = number == 0

    override fun incur(number: Int) = Unit

    override fun settle(number: Int) = Unit
}
