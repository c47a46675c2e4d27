package dev.wspool.internal.java

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Job
import java.util.concurrent.CompletableFuture
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater
import java.util.function.Function
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED
import kotlin.coroutines.intrinsics.startCoroutineUninterceptedOrReturn
import kotlin.coroutines.startCoroutine

/**
 * A suspending call as a future. Whatever completes the future first, its result, `cancel`, `orTimeout` or anybody, ends the
 * coroutine; a result that comes second goes to [undelivered].
 *
 * A call that has to wait is resumed, and so the future completed, on [outside], never on the thread of whoever resumes it.
 */
internal class FutureCall<T, R>(
    private val outside: CoroutineDispatcher,
    private val wrap: Function<in T, R>,
    private val undelivered: (T) -> Unit,
    site: StackTraceElement?,
) : CompletableFuture<R>(),
    Continuation<T> {
    private val job = Job() // the future is the caller: nobody else has a say in when it is cancelled

    override val context: CoroutineContext = job + outside + OfFuture.calledAt(site)

    /** 1 where it is decided whose outcome it is to be: the call's, or another's. */
    @Volatile
    private var decided = 0

    init {
        whenComplete { _, _ -> job.cancel() } // for who completes it by other ways than those below
    }

    override fun complete(value: R): Boolean {
        giveUp()
        return super.complete(value)
    }

    override fun completeExceptionally(ex: Throwable): Boolean {
        giveUp()
        return super.completeExceptionally(ex)
    }

    override fun cancel(mayInterruptIfRunning: Boolean): Boolean {
        giveUp()
        return super.cancel(mayInterruptIfRunning)
    }

    /** Before the future's dependents run, on this very thread: they may block for the connection that the call holds. */
    private fun giveUp() {
        if (decide()) job.cancel()
    }

    private fun decide() = DECIDED.compareAndSet(this, 0, 1)

    /** Begins on the thread of the caller, as a suspending call does; one that need not wait is done when this returns. */
    fun start(block: suspend () -> T) {
        val taken = try {
            block.startCoroutineUninterceptedOrReturn(this)
        } catch (failure: Throwable) {
            return resumeWith(Result.failure(failure))
        }
        @Suppress("UNCHECKED_CAST")
        if (taken !== COROUTINE_SUSPENDED) resumeWith(Result.success(taken as T))
    }

    /** Begins on [outside]: for a [block] that runs code of the caller's. */
    fun startOutside(block: suspend () -> T) = block.startCoroutine(this)

    override fun resumeWith(result: Result<T>) {
        val isMine = decide()
        result.fold(
            { value -> if (!isMine || !super.complete(wrap.apply(value))) undelivered(value) },
            { failure -> if (isMine) super.completeExceptionally(failure) },
        )
    }

    private companion object {
        val DECIDED: AtomicIntegerFieldUpdater<FutureCall<*, *>> =
            AtomicIntegerFieldUpdater.newUpdater(FutureCall::class.java, "decided")
    }
}
