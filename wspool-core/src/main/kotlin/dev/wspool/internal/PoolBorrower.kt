package dev.wspool.internal

import dev.wspool.internal.machine.Demand
import dev.wspool.internal.machine.Refusal
import dev.wspool.internal.machine.plusSpan
import kotlinx.coroutines.CoroutineDispatcher
import kotlin.coroutines.CoroutineContext

/** A caller who waits for a connection of [pool]. */
internal class PoolBorrower(private val pool: RealPool, context: CoroutineContext, timeout: Long, private val wish: Wish? = null) :
    Borrower(context, timeout) {
    override val demand: Demand? get() = wish?.demand

    override val outside: CoroutineDispatcher get() = pool.outside

    override fun ask() {
        val slot = if (wish == null) pool.machine.lend() else null
        if (slot != null) return pool.effects.deliver(this, slot)
        val now = if (pool.machine.roster.idle.isEmpty()) pool.now() else pool.awake()
        val deadline = wish?.deadline
        pool.machine.borrow(this, now, deadline ?: now.plusSpan(timeout), again = deadline != null)
    }

    override fun refuse() = pool.effects.refuse(this, Refusal.CLOSED)

    override fun cancelled() = pool.mailbox.post { pool.machine.cancel(this, pool.now()) }
}
