package dev.wspool.ktor.server.internal

import dev.wspool.AnyPoolGroup
import dev.wspool.KeyedPoolGroup
import dev.wspool.PoolHealth
import dev.wspool.PoolReport
import dev.wspool.WebSocketPool
import io.ktor.util.reflect.TypeInfo
import io.ktor.util.reflect.typeInfo
import kotlin.time.Duration

/**
 * A pool or a group: what there is to say of it, and how it ends.
 *
 * @property type by which it is asked for.
 */
internal sealed class Lender(val type: TypeInfo) : AutoCloseable {
    abstract val source: AutoCloseable

    /** What it calls itself. */
    abstract val name: String

    /** What people call its kind. */
    abstract val kind: String

    abstract fun health(): PoolHealth

    /** Of each pool. */
    abstract fun reports(): List<PoolReport>

    /** All that there is to say, for people. */
    abstract fun text(): String

    abstract suspend fun drain(timeout: Duration)

    override fun close() = source.close()

    /** @property warmUp how many connections are to be opened ahead. */
    class OfPool(override val source: WebSocketPool, val warmUp: Int = 0) : Lender(typeInfo<WebSocketPool>()) {
        override val name: String get() = source.name
        override val kind: String get() = "pool"

        override fun health(): PoolHealth = source.health()

        override fun reports(): List<PoolReport> = listOf(source.report())

        override fun text(): String = source.report().toString()

        override suspend fun drain(timeout: Duration) = source.drain(timeout)
    }

    class OfGroup(override val source: AnyPoolGroup, type: TypeInfo = typeInfo<AnyPoolGroup>()) : Lender(type) {
        override val name: String get() = source.name
        override val kind: String get() = if (source is KeyedPoolGroup<*>) "keyed group" else "group"

        override fun health(): PoolHealth = source.health()

        override fun reports(): List<PoolReport> = source.reports()

        override fun text(): String =
            (listOf("Group $name is ${health()}\n${source.stats}") + reports().map { it.toString() }).joinToString("\n\n")

        override suspend fun drain(timeout: Duration) = source.drain(timeout)
    }
}
