package dev.wspool.internal.group

import dev.wspool.BorrowRequest
import dev.wspool.Lease
import dev.wspool.internal.PooledConnection
import dev.wspool.internal.RealLease
import dev.wspool.internal.diagnostics.Watch
import dev.wspool.internal.machine.Member
import dev.wspool.internal.machine.NEVER
import dev.wspool.internal.machine.Refusal
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
     * @param only the one member that is to serve, which may be made for it; or null where the balancer says who is.
     */
    suspend fun borrow(request: BorrowRequest, only: (() -> Member)? = null): Lease {
        val pools = if (only == null) config.common else (only() as GroupMember).pool.config
        require(request.minRemainingLifetime <= pools.shortestLifetime) {
            "minRemainingLifetime (${request.minRemainingLifetime}) is above the shortest life, ${pools.shortestLifetime} " +
                "(maxLifetime, lifetimeJitter)"
        }
        val context = Watch.begin(currentCoroutineContext(), pools.diagnostics, room.now())
        val lease = Wanted(request, context, only).await()
        lease.connection.pool.watch?.lent(lease, context)
        return lease
    }

    /** A [request], and until when. */
    private inner class Wanted(
        private val request: BorrowRequest,
        private val context: CoroutineContext,
        private val only: (() -> Member)?,
    ) {
        private val timeout = (request.timeout ?: config.borrowTimeout).inWholeNanoseconds
        private val deadline = room.now().plusSpan(timeout)
        private val left get() = (deadline - room.now()).nanoseconds

        /** What the hook refuses is given up, and he asks again, before all others. */
        suspend fun await(): RealLease {
            var borrower = ask(again = false)
            while (true) {
                val lease = try {
                    borrower.await()
                } catch (_: MemberLeftException) {
                    borrower = ask(again = false)
                    continue
                }
                val pool = lease.connection.pool
                if (pool.config.hooks.onBorrow == null) return lease
                if (!left.isPositive()) {
                    lease.returnUnused() // nobody has looked at it
                    throw GroupRefused(room, Refusal.TIMED_OUT, timeout, room.mailbox.ask { room.shortage(borrower) }).toException()
                }
                if (pool.admission.isAdmitted(lease, left)) return lease
                borrower = ask(again = true) // before the veto is told: a group that drains must know that he waits
                lease.reject()
            }
        }

        private fun ask(again: Boolean): GroupBorrower {
            val fixed = only?.invoke()
            val borrower = GroupBorrower(
                room,
                context,
                timeout,
                deadline,
                demand = request.toDemand(NEVER),
                key = request.affinity,
                isBound = fixed != null || (config.balancer.isSticky && request.affinity != null),
                choice = fixed ?: room.balancing.chooseAhead(request.affinity),
                isFixed = fixed != null,
                again,
            )
            return borrower.also(room.mailbox::post)
        }
    }

    fun tryBorrow(only: Member? = null): Lease? {
        val lent = room.mailbox.ask {
            val members = if (only == null) room.machine.candidates(room.now()) else listOf(only)
            if (members.any { (it as GroupMember).pool.config.hooks.onBorrow != null }) return@ask null
            val member = members.filter { it.isWarm }.sortedBy { it.load }
            Lent(member.firstNotNullOfOrNull { room.machine.lendNow(it, room.now()) as PooledConnection? }?.lendTo(EmptyCoroutineContext))
        }
        lent ?: throw UnsupportedOperationException("tryBorrow cannot wait for onBorrow; use borrow")
        return lent.lease
    }

    private class Lent(val lease: Lease?)
}
