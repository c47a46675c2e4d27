package dev.wspool.internal.java

import dev.wspool.BorrowRequest
import dev.wspool.Lease
import dev.wspool.PoolConfig
import dev.wspool.PoolEvent
import dev.wspool.PoolStats
import dev.wspool.WarmUpReport
import dev.wspool.WebSocketPool
import dev.wspool.internal.PoolThreads
import dev.wspool.internal.RealLease
import dev.wspool.internal.RealPool
import dev.wspool.internal.log
import dev.wspool.internal.untilEnd
import dev.wspool.statsFlow
import dev.wspool.useAndRelease
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.future.await
import java.util.concurrent.CompletionStage
import java.util.function.Consumer
import java.util.function.Function

/** What suspends in a pool, as calls. Spans are in nanoseconds. */
internal object PoolCalls {
    @JvmStatic
    fun borrow(lender: Lender): Call<Lease> = object : LeaseCall(lender) {
        override suspend fun invoke() = lender.borrow()
    }

    @JvmStatic
    fun borrow(lender: Lender, timeout: Long): Call<Lease> = object : LeaseCall(lender) {
        override suspend fun invoke() = lender.borrow(span(timeout))
    }

    @JvmStatic
    fun borrow(lender: Lender, request: BorrowRequest): Call<Lease> = object : LeaseCall(lender) {
        override suspend fun invoke() = lender.borrow(request)
    }

    /** A block of stages: the lease is given back when the stage that it returns is complete. */
    @JvmStatic
    fun <T> withConnection(lender: Lender, request: BorrowRequest, use: Function<Lease, CompletionStage<T>>): Call<T> =
        object : BlockCall<T>(lender, use) {
            override suspend fun borrow() = lender.borrow(request)
        }

    /** As the other, for any connection. */
    @JvmStatic
    fun <T> withConnection(lender: Lender, timeout: Long, use: Function<Lease, CompletionStage<T>>): Call<T> =
        object : BlockCall<T>(lender, use) {
            override suspend fun borrow() = lender.borrow(span(timeout))
        }

    @JvmStatic
    fun awaitReady(pool: WebSocketPool): Call<Unit> = object : Call<Unit>(pool.outside) {
        override suspend fun invoke() = pool.awaitReady()
    }

    @JvmStatic
    fun warmUp(pool: WebSocketPool, count: Int): Call<WarmUpReport> = object : Call<WarmUpReport>(pool.outside) {
        override suspend fun invoke() = pool.warmUp(count)
    }

    @JvmStatic
    fun drain(pool: WebSocketPool, timeout: Long): Call<Unit> = object : Call<Unit>(pool.outside) {
        override suspend fun invoke() = pool.drain(span(timeout))
    }

    @JvmStatic
    fun awaitClosed(pool: WebSocketPool): Call<Unit> = object : Call<Unit>(pool.outside) {
        override suspend fun invoke() = pool.awaitClosed()
    }

    @JvmStatic fun connectInterval(pool: WebSocketPool): Long = pool.connectInterval.inWholeNanoseconds

    @JvmStatic
    fun reconfigure(pool: WebSocketPool, change: Consumer<PoolConfig.Builder>) = pool.reconfigure { change.accept(this) }

    /** Up to and including the last: a Java listener is told of the end, and then is none any more. */
    @JvmStatic
    fun events(pool: WebSocketPool, sink: Sink<PoolEvent>): Listening<PoolEvent> {
        val all = if (pool is RealPool) pool.eventLog.untilEnd else pool.events.untilEnd()
        return Listening(all, pool.outside, sink, pool::report)
    }

    @JvmStatic
    fun stats(pool: WebSocketPool, every: Long, sink: Sink<PoolStats>): Listening<PoolStats> =
        Listening(pool.statsFlow(span(every)), pool.outside, sink, pool::report)
}

/** A call for a lease, which goes back unused where nobody takes it. */
private abstract class LeaseCall(lender: Lender) : Call<Lease>(lender.outside) {
    final override fun undelivered(result: Lease) = if (result is RealLease) result.returnUnused() else result.release()
}

/** A call of a block that the caller has given, and that does not run on his thread. */
private abstract class BlockCall<T>(private val lender: Lender, private val use: Function<Lease, CompletionStage<T>>) :
    Call<T>(lender.outside, runsCallersCode = true) {
    abstract suspend fun borrow(): Lease

    final override fun site(): StackTraceElement? = lender.site()

    final override suspend fun invoke(): T {
        currentCoroutineContext().ensureActive() // cancelled before it began
        return borrow().useAndRelease { use.apply(this).await() }
    }
}

/** Where futures are completed: the pool's dispatcher for foreign code. */
internal val WebSocketPool.outside: CoroutineDispatcher get() = (this as? RealPool)?.outside ?: PoolThreads.foreign

/** A listener or subscriber has thrown. */
internal fun WebSocketPool.report(failure: Throwable) {
    if (this is RealPool) background.failed(failure) else log.warn("{}: a listener failed: {}", name, failure.toString())
}
