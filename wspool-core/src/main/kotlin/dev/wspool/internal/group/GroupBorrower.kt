package dev.wspool.internal.group

import dev.wspool.internal.Borrower
import dev.wspool.internal.machine.Call
import dev.wspool.internal.machine.Demand
import dev.wspool.internal.machine.Member
import dev.wspool.internal.machine.Refusal
import dev.wspool.internal.machine.plusSpan
import kotlinx.coroutines.CoroutineDispatcher
import kotlin.coroutines.CoroutineContext

/** A caller who waits for a connection of a group. */
internal class GroupBorrower(
    private val room: GroupRoom,
    context: CoroutineContext,
    timeout: Long,
    override val demand: Demand?,
    override val key: Any?,
    override val isBound: Boolean,
    override var choice: Member?,
    override val isFixed: Boolean = false,
) : Borrower(context, timeout),
    Call {
    override var countedOn: Member? = null

    override val outside: CoroutineDispatcher get() = room.outside

    override fun ask() {
        val now = room.now()
        room.machine.borrow(this, now, now.plusSpan(timeout))
    }

    override fun refuse() = room.refuse(this, Refusal.CLOSED)

    override fun cancelled() = room.mailbox.post { room.machine.cancel(this) }
}
