package dev.wspool.internal

import dev.wspool.internal.machine.Ticket
import dev.wspool.internal.machine.TicketState
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CoroutineDispatcher
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
internal abstract class Borrower(
    val context: CoroutineContext,
    val timeout: Long,
) : Ticket(),
    Turn,
    (Throwable?) -> Unit {
    /** A [RealLease] or a [Refused]. Written in a turn, read when [answer] or [await] have met. */
    var outcome: Any? = null

    /** Null, then the caller's continuation or [ANSWERED], whichever comes first; the second of the two resumes. */
    @Volatile
    private var meeting: Any? = null

    /** Where it runs whom it may not resume here and now. */
    protected abstract val outside: CoroutineDispatcher

    /** In a turn: asks the machine. */
    protected abstract fun ask()

    /** In a turn: the machine does not know of him, and never will. */
    protected abstract fun refuse()

    /** The caller was cancelled. Where the outcome is on its way to him, the turn finds that there is nothing to cancel. */
    protected abstract fun cancelled()

    override fun take() {
        try {
            ask()
        } catch (failure: Throwable) {
            if (state == TicketState.NEW) refuse()
            throw failure
        }
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
        continuation.resumeOn(outside) { resumeOrTakeBack(continuation) }
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

    override fun invoke(cause: Throwable?) = cancelled()

    private fun resume(continuation: CancellableContinuation<RealLease>) {
        when (val outcome = outcome) {
            is RealLease -> continuation.resume(outcome) { _, undelivered, _ -> undelivered.returnUnused() }
            is Refused -> continuation.resumeWithException(outcome.toException())
        }
    }

    private companion object {
        val ANSWERED = Any()

        val MEETING: AtomicReferenceFieldUpdater<Borrower, Any?> =
            AtomicReferenceFieldUpdater.newUpdater(Borrower::class.java, Any::class.java, "meeting")
    }
}
