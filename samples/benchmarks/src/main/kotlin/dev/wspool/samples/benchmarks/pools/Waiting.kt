package dev.wspool.samples.benchmarks.pools

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.suspendCancellableCoroutine

/** Something that coroutines wait for. */
abstract class Waiting {
    /** Waits. */
    abstract suspend fun await()

    /** Lets so many coroutines wait; what it returns cancels them. */
    fun enqueue(callers: Int): Runnable {
        val all = Job()
        val scope = CoroutineScope(Dispatchers.Unconfined + all)
        repeat(callers) { scope.launch(start = CoroutineStart.UNDISPATCHED) { await() } }
        return Runnable { runBlocking { all.cancelAndJoin() } }
    }
}

/** What is no pool. */
object Elsewhere : Waiting() {
    override suspend fun await(): Unit = suspendCancellableCoroutine {}
}
