package dev.wspool.internal

import dev.wspool.internal.machine.Demand
import dev.wspool.internal.machine.Refusal
import dev.wspool.internal.machine.Ticket
import dev.wspool.internal.machine.TicketState
import dev.wspool.internal.machine.plusSpan
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.suspendCancellableCoroutine
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.resumeWithException

/**
 * A caller who waits for a connection: the machine's ticket, the message that asks for it, and the handler of the caller's
 * cancellation, in one object.
 *
 * @property timeout for how long he waits, in nanoseconds.
 */
internal class Borrower(
    private val pool: RealPool,
    val context: CoroutineContext,
    val timeout: Long,
    private val wish: Wish? = null,
) : Ticket(),
    Turn,
    (Throwable?) -> Unit {
    /** A [RealLease] or a [Refused]. Written in a turn, read when [answer] or [await] have met. */
    var outcome: Any? = null

    /** Null, then the caller's continuation or [ANSWERED], whichever comes first; the second of the two resumes. */
    @Volatile
    private var meeting: Any? = null

    override val demand: Demand? get() = wish?.demand

    override fun take() {
        try {
            ask()
        } catch (failure: Throwable) {
            if (state == TicketState.NEW) pool.effects.refuse(this, Refusal.CLOSED) // the machine does not know of him
            throw failure
        }
    }

    private fun ask() {
        val slot = if (wish == null) pool.machine.lend() else null
        if (slot != null) return pool.effects.deliver(this, slot)
        val now = if (pool.machine.roster.idle.isEmpty()) pool.now() else pool.awake()
        val deadline = wish?.deadline
        pool.machine.borrow(this, now, deadline ?: now.plusSpan(timeout), again = deadline != null)
    }

    /** Waits for the outcome. A lease that meets a cancelled caller comes back. */
    suspend fun await(): RealLease = suspendCancellableCoroutine { continuation ->
        continuation.invokeOnCancellation(this)
        if (!MEETING.compareAndSet(this, null, continuation)) resume(continuation)
    }

    /** Gives the caller the outcome, after the turn. */
    @Suppress("UNCHECKED_CAST")
    fun answer() {
        val continuation = MEETING.getAndSet(this, ANSWERED) as CancellableContinuation<RealLease>? ?: return
        continuation.resumeOn(pool.outside) { resumeOrTakeBack(continuation) }
    }

    /** A caller whose dispatcher throws will never run: his lease comes back. Those of executors do not throw. */
    private fun resumeOrTakeBack(continuation: CancellableContinuation<RealLease>) {
        try {
            resume(continuation)
        } catch (failure: Throwable) {
            (outcome as? RealLease)?.returnUnused()
            throw failure
        }
    }

    /** The caller was cancelled. Where the outcome is on its way to him, the turn finds that there is nothing to cancel. */
    override fun invoke(cause: Throwable?) = pool.mailbox.post { pool.machine.cancel(this, pool.now()) }

    private fun resume(continuation: CancellableContinuation<RealLease>) {
        when (val outcome = outcome) {
            is RealLease -> continuation.resume(outcome) { _, undelivered, _ -> undelivered.returnUnused() }
            is Refused -> continuation.resumeWithException(outcome.toException(pool))
        }
    }

    private companion object {
        val ANSWERED = Any()

        val MEETING: AtomicReferenceFieldUpdater<Borrower, Any?> =
            AtomicReferenceFieldUpdater.newUpdater(Borrower::class.java, Any::class.java, "meeting")
    }
}
