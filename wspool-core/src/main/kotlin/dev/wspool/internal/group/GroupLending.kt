package dev.wspool.internal.group

import dev.wspool.BorrowRequest
import dev.wspool.Lease
import dev.wspool.internal.PooledConnection
import dev.wspool.internal.RealLease
import dev.wspool.internal.machine.Member
import dev.wspool.internal.machine.NEVER
import dev.wspool.internal.machine.plusSpan
import dev.wspool.internal.toDemand
import dev.wspool.shortestLifetime
import kotlinx.coroutines.currentCoroutineContext
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.time.Duration.Companion.nanoseconds

/** Lends connections of a group's pools, with what is to be done at each borrow: the hook, and what watches. */
internal class GroupLending(private val room: GroupRoom) {
    private val config get() = room.config

    /**
     * @param fixed the one member that is to serve, or null where the balancer says who is.
     */
    suspend fun borrow(request: BorrowRequest, fixed: Member? = null): Lease {
        val common = config.common
        require(request.minRemainingLifetime <= common.shortestLifetime) {
            "minRemainingLifetime (${request.minRemainingLifetime}) is above the shortest life, ${common.shortestLifetime} " +
                "(maxLifetime, lifetimeJitter)"
        }
        val timeout = (request.timeout ?: config.borrowTimeout).inWholeNanoseconds
        val deadline = room.now().plusSpan(timeout)
        while (true) {
            val lease = await(request, (deadline - room.now()).coerceAtLeast(0), fixed)
            if (isAdmitted(lease, deadline)) return lease
            lease.reject()
        }
    }

    private suspend fun await(request: BorrowRequest, timeout: Long, fixed: Member?): RealLease {
        val watch = room.members.firstOrNull()?.pool?.watch
        val context = currentCoroutineContext().let { watch?.begin(it) ?: it }
        val lease = borrower(request, context, timeout, fixed).also(room.mailbox::post).await()
        lease.connection.pool.watch?.lent(lease, context)
        return lease
    }

    private fun borrower(request: BorrowRequest, context: CoroutineContext, timeout: Long, fixed: Member?) = GroupBorrower(
        room,
        context,
        timeout,
        demand = request.toDemand(NEVER),
        key = request.affinity,
        isBound = fixed != null || (config.balancer.isSticky && request.affinity != null),
        choice = fixed ?: room.balancing.chooseAhead(request.affinity),
        isFixed = fixed != null,
    )

    /** A caller whose connection is refused waits anew, for what is left of his time. */
    private suspend fun isAdmitted(lease: RealLease, deadline: Long): Boolean {
        val pool = lease.connection.pool
        if (pool.config.hooks.onBorrow == null) return true
        val left = (deadline - room.now()).nanoseconds
        return left.isPositive() && pool.admission.isAdmitted(lease, left)
    }

    fun tryBorrow(fixed: Member? = null): Lease? {
        if (config.common.hooks.onBorrow != null) throw UnsupportedOperationException("tryBorrow cannot wait for onBorrow; use borrow")
        return room.mailbox.ask {
            val members = if (fixed == null) room.machine.candidates(room.now()) else listOf(fixed)
            members.filter { it.isWarm }.sortedBy { it.load }.firstNotNullOfOrNull { member ->
                val slot = member.machine.lendNow(room.now()) as PooledConnection?
                slot?.lendTo(EmptyCoroutineContext)
            }
        }
    }
}
