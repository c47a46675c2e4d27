package dev.wspool.internal.group

import dev.wspool.internal.Borrower
import dev.wspool.internal.machine.Call
import dev.wspool.internal.machine.Demand
import dev.wspool.internal.machine.Member
import dev.wspool.internal.machine.Refusal
import kotlinx.coroutines.CoroutineDispatcher
import kotlin.coroutines.CoroutineContext

/**
 * A caller who waits for a connection of a group.
 *
 * @param timeout as he was told, for what he is told.
 * @param again after what he got turned out unfit.
 */
internal class GroupBorrower(
    private val room: GroupRoom,
    context: CoroutineContext,
    timeout: Long,
    private val deadline: Long,
    override val demand: Demand?,
    override val key: Any?,
    override val isBound: Boolean,
    override var choice: Member?,
    override val isFixed: Boolean,
    private val again: Boolean,
) : Borrower(context, timeout),
    Call {
    override var countedOn: Member? = null

    override val outside: CoroutineDispatcher get() = room.outside

    override fun ask() = room.machine.borrow(this, room.now(), deadline, again)

    override fun refuse() = room.refuse(this, Refusal.CLOSED)

    override fun cancelled() = room.mailbox.post { room.machine.cancel(this) }
}
