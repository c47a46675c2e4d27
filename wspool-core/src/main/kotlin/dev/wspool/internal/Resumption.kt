package dev.wspool.internal

import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CoroutineDispatcher
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.EmptyCoroutineContext

/**
 * True where resuming only hands the caller to his dispatcher. Where it would run him here and now (no dispatcher,
 * `Unconfined`), he could block this thread, which belongs to whoever returned a connection or reads from one, or nest until the
 * stack is full (at about 1,000 hand-offs).
 */
internal val CancellableContinuation<*>.isDispatched: Boolean
    get() {
        val dispatcher = context[ContinuationInterceptor] as? CoroutineDispatcher ?: return false
        return dispatcher.isDispatchNeeded(context)
    }

/** Calls [resume], which resumes this, where the caller who then runs may block the thread. */
internal inline fun CancellableContinuation<*>.resumeOn(outside: CoroutineDispatcher, crossinline resume: () -> Unit) {
    if (isDispatched) return resume()
    try {
        outside.dispatch(EmptyCoroutineContext) { resume() }
    } catch (_: Throwable) {
        resume() // the pool's own dispatcher refuses: here and now is better than never
    }
}
