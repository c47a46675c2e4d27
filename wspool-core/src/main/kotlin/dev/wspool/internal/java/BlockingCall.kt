package dev.wspool.internal.java

import dev.wspool.PoolException
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.Job
import kotlinx.coroutines.Runnable
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater
import java.util.concurrent.locks.LockSupport
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED

/**
 * A suspending call on a thread that blocks for it. All of it runs on that thread alone: whoever resumes it only unparks, and
 * pays nothing for what the caller does next. Waiting is [LockSupport.park] with no monitor held, so a virtual thread unmounts.
 *
 * An interrupt cancels the coroutine, which is still awaited: when the caller has his [InterruptedException], nothing of the call
 * goes on. A call that had its result all the same returns it, and leaves the thread interrupted.
 *
 * @property outside runs what is dispatched here after the call has returned: coroutines that a hook has left behind.
 */
internal class BlockingCall<T>(private val outside: CoroutineDispatcher) :
    CoroutineDispatcher(),
    Continuation<T> {
    val thread: Thread = Thread.currentThread()
    private val job = Job() // the caller's own: a call of a detached lease outlives its pool

    /** What is dispatched to the thread. Most calls are resumed once, and by [resumeWith]. */
    @Volatile
    private var tasks: ConcurrentLinkedQueue<Runnable>? = null

    @Volatile
    private var outcome: Result<T>? = null

    @Volatile
    private var isOver = false

    override val context: CoroutineContext = named(job + this, thread.name)

    fun await(call: Call<T>): T {
        if (Thread.interrupted()) {
            call.notBegun()
            throw InterruptedException(NOT_BEGUN)
        }
        try {
            // As it is compiled. A coroutine around it would have to be dispatched here before it could hand over its result.
            @Suppress("UNCHECKED_CAST")
            val taken = (call as (Continuation<T>) -> Any?)(this)
            @Suppress("UNCHECKED_CAST")
            return if (taken === COROUTINE_SUSPENDED) park() else taken as T
        } catch (failure: PoolException) {
            throw failure.alsoShowing(thread)
        } finally {
            job.complete()
            isOver = true
            handOn()
        }
    }

    private fun park(): T {
        var isInterrupted = false
        while (true) {
            tasks?.poll()?.run() ?: outcome?.let { return result(it, isInterrupted) } ?: LockSupport.park(this)
            if (Thread.interrupted()) {
                isInterrupted = true
                job.cancel(CancellationException(INTERRUPTED))
            }
        }
    }

    private fun result(outcome: Result<T>, isInterrupted: Boolean): T {
        val failure = outcome.exceptionOrNull()
        if (isInterrupted && failure is CancellationException) throw InterruptedException(INTERRUPTED)
        if (isInterrupted) thread.interrupt()
        return outcome.getOrThrow()
    }

    override fun resumeWith(result: Result<T>) {
        outcome = result
        LockSupport.unpark(thread)
    }

    override fun dispatch(context: CoroutineContext, block: Runnable) {
        val tasks = tasks ?: ConcurrentLinkedQueue<Runnable>().let { if (TASKS.compareAndSet(this, null, it)) it else this.tasks!! }
        tasks.add(block)
        if (isOver) handOn() else LockSupport.unpark(thread)
    }

    private fun handOn() {
        while (true) outside.dispatch(context, tasks?.poll() ?: return)
    }

    /** Only for its trace. */
    private class CalledFrom(thread: String) : Exception("Called from thread \"$thread\"")

    private companion object {
        /** One that was made on the thread which resumed the call does not show who called. */
        fun PoolException.alsoShowing(thread: Thread): PoolException {
            if (stackTrace.none { it.className == BlockingCall::class.java.name }) addSuppressed(CalledFrom(thread.name))
            return this
        }

        const val NOT_BEGUN = "The thread was interrupted before the call"
        val TASKS: AtomicReferenceFieldUpdater<BlockingCall<*>, ConcurrentLinkedQueue<*>?> =
            AtomicReferenceFieldUpdater.newUpdater(BlockingCall::class.java, ConcurrentLinkedQueue::class.java, "tasks")

        const val INTERRUPTED = "The thread was interrupted during the call"

        /** So that an error can say who holds a lease for long. Virtual threads have no name unless they are given one. */
        fun named(context: CoroutineContext, thread: String) = if (thread.isEmpty()) context else context + CoroutineName(thread)
    }
}
