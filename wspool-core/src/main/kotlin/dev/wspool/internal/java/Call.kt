package dev.wspool.internal.java

import kotlinx.coroutines.CoroutineDispatcher
import java.util.concurrent.CompletableFuture
import java.util.function.Function

/**
 * A suspending call for a caller who does not suspend: [await] blocks his thread, [future] does not. An object of a class of its
 * own rather than a lambda: where it ends in the call that it stands for, no coroutine is made for it.
 *
 * @property outside the pool's executor.
 * @property runsCallersCode true where it calls code of the caller's, which is not to run on his thread.
 */
internal abstract class Call<T>(private val outside: CoroutineDispatcher, private val runsCallersCode: Boolean = false) : suspend () -> T {
    /** The caller's thread was interrupted before it began. */
    open fun notBegun() {}

    /** What becomes of a result whose future was completed by something else meanwhile. */
    open fun undelivered(result: T) {}

    /** Where it is called, if somebody wants to know and cannot find out later. */
    open fun site(): StackTraceElement? = null

    @Throws(InterruptedException::class)
    fun await(): T = BlockingCall<T>(outside).await(this)

    fun future(): CompletableFuture<T> = future(Function.identity())

    fun <R> future(wrap: Function<in T, R>): CompletableFuture<R> = FutureCall(outside, wrap, ::undelivered, site()).also {
        if (runsCallersCode) it.startOutside(this) else it.start(this)
    }

    /** For a call that returns nothing. */
    fun done(): CompletableFuture<Void?> = future { null }
}
