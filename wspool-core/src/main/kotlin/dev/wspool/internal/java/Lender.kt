package dev.wspool.internal.java

import dev.wspool.BorrowRequest
import dev.wspool.KeyedPoolGroup
import dev.wspool.Lease
import dev.wspool.PoolGroup
import dev.wspool.WebSocketPool
import dev.wspool.internal.RealPool
import kotlinx.coroutines.CoroutineDispatcher
import kotlin.time.Duration

/** What lends to Java: a pool, a group, or one key of a group. */
internal abstract class Lender(val outside: CoroutineDispatcher) {
    abstract suspend fun borrow(): Lease

    abstract suspend fun borrow(timeout: Duration): Lease

    abstract suspend fun borrow(request: BorrowRequest): Lease

    abstract fun tryBorrow(): Lease?

    /** Where the caller is now, if that is noted. */
    open fun site(): StackTraceElement? = null

    internal companion object {
        @JvmStatic
        fun of(pool: WebSocketPool): Lender = object : Lender(pool.outside) {
            override suspend fun borrow() = pool.borrow()

            override suspend fun borrow(timeout: Duration) = pool.borrow(timeout)

            override suspend fun borrow(request: BorrowRequest) = pool.borrow(request)

            override fun tryBorrow() = pool.tryBorrow()

            override fun site() = (pool as? RealPool)?.watch?.site()
        }

        @JvmStatic
        fun of(group: PoolGroup): Lender = object : Lender(group.outside) {
            override suspend fun borrow() = group.borrow()

            override suspend fun borrow(timeout: Duration) = group.borrow(timeout)

            override suspend fun borrow(request: BorrowRequest) = group.borrow(request)

            override fun tryBorrow() = group.tryBorrow()
        }

        @JvmStatic
        fun <K : Any> of(group: KeyedPoolGroup<K>, key: K): Lender = object : Lender(group.outside) {
            override suspend fun borrow() = group.borrow(key)

            override suspend fun borrow(timeout: Duration) = group.borrow(key, BorrowRequest(timeout))

            override suspend fun borrow(request: BorrowRequest) = group.borrow(key, request)

            override fun tryBorrow() = group.tryBorrow(key)
        }
    }
}
