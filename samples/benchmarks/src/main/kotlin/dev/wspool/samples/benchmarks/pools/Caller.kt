package dev.wspool.samples.benchmarks.pools

import kotlinx.coroutines.Job
import java.util.concurrent.SynchronousQueue
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED

/** A thread that calls suspending functions: `caller.await(function(caller))`. Where one suspends, the thread waits for it. */
class Caller : Continuation<Any?> {
    override val context: CoroutineContext = Job()

    private val results = SynchronousQueue<Result<Any?>>()

    override fun resumeWith(result: Result<Any?>) = results.put(result)

    fun await(returned: Any?): Any? = if (returned === COROUTINE_SUSPENDED) results.take().getOrThrow() else returned
}
