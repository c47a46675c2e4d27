package dev.wspool.internal.java

import dev.wspool.AcceptedConnection
import dev.wspool.AcceptedPool
import dev.wspool.BroadcastReport
import dev.wspool.IdHandshake
import dev.wspool.Message
import dev.wspool.NewConnection
import dev.wspool.PoolConfig
import dev.wspool.SlowReaders
import dev.wspool.announceId
import dev.wspool.readId
import java.util.function.Consumer
import java.util.function.Predicate

/** Pools that accept, and what belongs to them, for the Java face. */
internal object AcceptedPools {
    @JvmStatic
    fun create(configure: Consumer<PoolConfig.Builder>): AcceptedPool = AcceptedPool { configure.accept(this) }

    @JvmStatic
    fun broadcast(
        pool: AcceptedPool,
        message: Message,
        slowReaders: SlowReaders,
        filter: Predicate<in AcceptedConnection>?,
    ): BroadcastReport = pool.broadcast(message, slowReaders, filter?.let { chosen -> chosen::test })

    @JvmStatic
    fun announce(ids: IdHandshake, connection: NewConnection): Call<Unit> = object : Operation<Unit>(connection) {
        override suspend fun invoke() = connection.announceId(ids)
    }

    @JvmStatic
    fun read(ids: IdHandshake, connection: NewConnection): Call<Unit> = object : Operation<Unit>(connection) {
        override suspend fun invoke() = connection.readId(ids)
    }
}
