package dev.wspool.ktor.server.internal

import dev.wspool.AnyPoolGroup
import dev.wspool.KeyedPoolGroup
import dev.wspool.PoolGroup
import dev.wspool.WebSocketPool
import io.ktor.util.reflect.TypeInfo
import kotlinx.coroutines.CoroutineScope

/** The pools and groups of an application, by name, in the order of their declaration. */
internal class Lenders private constructor(val all: Map<String, Lender>) : AutoCloseable {
    val pools: Map<String, WebSocketPool> = of()
    val groups: Map<String, AnyPoolGroup> = of()

    fun pool(name: String): WebSocketPool = pools.named(name, "pool")

    fun group(name: String): PoolGroup = of<PoolGroup>().named(name, "group")

    /** The one whose keys are of the [type] that code has given them: nobody could tell later. */
    fun keyedGroup(name: String, type: TypeInfo): KeyedPoolGroup<*> {
        val group = of<KeyedPoolGroup<*>>().named(name, "keyed group")
        val declared = all.getValue(name).type
        require(declared == type) { "The keyed group \"$name\" is a ${declared.kotlinType}, not a ${type.kotlinType}" }
        return group
    }

    private inline fun <reified T> of(): Map<String, T> = buildMap {
        for ((name, lender) in all) (lender.source as? T)?.let { put(name, it) }
    }

    private fun <T : Any> Map<String, T>.named(name: String, kind: String): T = requireNotNull(this[name]) {
        val other = all[name]?.let { "; \"$name\" is a ${it.kind}" }.orEmpty()
        "There is no $kind \"$name\"; there ${if (size == 1) "is" else "are"}: ${keys.joinToString().ifEmpty { "none" }}$other"
    }

    override fun close() = all.values.forEach(Lender::close)

    companion object {
        /** @throws IllegalArgumentException where a setting makes no sense; nothing is left open then. */
        fun open(coded: Map<String, Declared>, text: PoolsText, application: CoroutineScope): Lenders {
            val declared = LinkedHashMap(coded)
            for (name in text.pools.keys) declared.getOrPut(name) { DeclaredPool.configured(name) }
            for (name in text.groups.keys) declared.getOrPut(name) { DeclaredGroup.configured(name) }
            val open = LinkedHashMap<String, Lender>()
            try {
                for ((name, one) in declared) open[name] = one.open(text, application)
            } catch (failure: Throwable) {
                open.values.forEach(Lender::close)
                throw failure
            }
            return Lenders(open)
        }
    }
}
