package dev.wspool.internal.java

import dev.wspool.AnyPoolGroup
import dev.wspool.Discovery
import dev.wspool.Ejection
import dev.wspool.Endpoint
import dev.wspool.GroupConfig
import dev.wspool.KeyedPoolGroup
import dev.wspool.PoolConfig
import dev.wspool.PoolEvent
import dev.wspool.PoolGroup
import dev.wspool.WarmUpReport
import dev.wspool.internal.PoolThreads
import dev.wspool.internal.group.RealAnyGroup
import dev.wspool.internal.log
import dev.wspool.transport.Connector
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.flow.onSubscription
import kotlinx.coroutines.flow.transformWhile
import java.util.function.BiConsumer
import java.util.function.Consumer
import java.util.function.Function

/** Makes groups for the Java face, and what suspends in them as calls. Spans are in nanoseconds. */
internal object Groups {
    @JvmStatic
    fun create(discovery: Discovery, configure: Consumer<GroupConfig.Builder>): PoolGroup =
        PoolGroup(discovery) { configure.accept(this) }

    @JvmStatic
    fun of(connector: Connector, discovery: Discovery, configure: Consumer<GroupConfig.Builder>): PoolGroup =
        PoolGroup(connector, discovery) { configure.accept(this) }

    @JvmStatic
    fun <K : Any> keyed(endpointOf: Function<K, Endpoint>, configure: Consumer<GroupConfig.Builder>): KeyedPoolGroup<K> =
        KeyedPoolGroup({ key: K -> endpointOf.apply(key) }) { configure.accept(this) }

    @JvmStatic
    fun <K : Any> keyed(
        connector: Connector,
        endpointOf: Function<K, Endpoint>,
        configure: Consumer<GroupConfig.Builder>,
    ): KeyedPoolGroup<K> = KeyedPoolGroup(connector, { key: K -> endpointOf.apply(key) }) { configure.accept(this) }

    // ---- settings --------------------------------------------------------------------------------------------------------

    @JvmStatic
    fun pools(builder: GroupConfig.Builder, configure: Consumer<PoolConfig.Builder>) = builder.pools { configure.accept(this) }

    @JvmStatic
    fun each(builder: GroupConfig.Builder, configure: BiConsumer<PoolConfig.Builder, Endpoint>) =
        builder.each { configure.accept(this, it) }

    @JvmStatic
    fun borrowTimeout(builder: GroupConfig.Builder, nanos: Long) {
        builder.borrowTimeout = span(nanos)
    }

    @JvmStatic
    fun connectPatience(builder: GroupConfig.Builder, nanos: Long) {
        builder.connectPatience = span(nanos)
    }

    @JvmStatic
    fun removalTimeout(builder: GroupConfig.Builder, nanos: Long) {
        builder.removalTimeout = span(nanos)
    }

    @JvmStatic
    fun maxEmptyTime(builder: GroupConfig.Builder, nanos: Long) {
        builder.maxEmptyTime = span(nanos)
    }

    @JvmStatic
    fun ejection(failures: Int, window: Long, firstTime: Long, longestTime: Long) =
        Ejection(failures, span(window), span(firstTime), span(longestTime))

    // ---- calls -----------------------------------------------------------------------------------------------------------

    @JvmStatic
    fun reconfigure(group: AnyPoolGroup, change: Consumer<GroupConfig.Builder>) = group.reconfigure { change.accept(this) }

    @JvmStatic
    fun awaitReady(group: PoolGroup): Call<Unit> = object : Call<Unit>(group.outside) {
        override suspend fun invoke() = group.awaitReady()
    }

    @JvmStatic
    fun warmUp(group: PoolGroup, countOfEach: Int): Call<WarmUpReport> = object : Call<WarmUpReport>(group.outside) {
        override suspend fun invoke() = group.warmUp(countOfEach)
    }

    @JvmStatic
    fun drain(group: AnyPoolGroup, timeout: Long): Call<Unit> = object : Call<Unit>(group.outside) {
        override suspend fun invoke() = group.drain(span(timeout))
    }

    @JvmStatic
    fun awaitClosed(group: AnyPoolGroup): Call<Unit> = object : Call<Unit>(group.outside) {
        override suspend fun invoke() = group.awaitClosed()
    }

    /** Up to and including the last, which is the group's own. */
    @JvmStatic
    fun events(group: AnyPoolGroup, sink: Sink<PoolEvent>): Listening<PoolEvent> {
        val room = (group as? RealAnyGroup)?.room
        val all = group.events.onSubscription { if (room?.hasEnded == true) emit(PoolEvent.Ended(group.name)) }.transformWhile {
            emit(it)
            it !is PoolEvent.Ended || it.pool != group.name
        }
        return Listening(all, group.outside, sink) { log.warn("{}: a listener failed: {}", group.name, it.toString()) }
    }
}

/** Where futures are completed: the group's dispatcher for foreign code. */
internal val AnyPoolGroup.outside: CoroutineDispatcher get() = (this as? RealAnyGroup)?.room?.outside ?: PoolThreads.foreign
