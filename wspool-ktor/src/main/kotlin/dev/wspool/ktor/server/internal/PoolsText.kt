package dev.wspool.ktor.server.internal

import kotlin.time.Duration

/** What the configuration says of pools, checked for keys that nobody knows. */
internal class PoolsText private constructor(private val texts: Map<String, SettingText>, val pools: Map<String, PoolText>) {
    val drainTimeout: Duration? get() = span("drainTimeout")
    val warmUpTimeout: Duration? get() = span("warmUpTimeout")
    val retryAfter: Duration? get() = span("retryAfter")

    fun of(pool: String): PoolText = pools[pool] ?: PoolText("$POOLS$pool")

    private fun span(name: String): Duration? {
        val span = texts[name]?.span ?: return null
        require(!span.isNegative()) { "$ROOT$name must not be negative: $span" }
        return span
    }

    companion object {
        const val ROOT = "wspool."
        private const val POOLS = "wspool.pools."
        private val KNOWN = setOf("drainTimeout", "warmUpTimeout", "retryAfter", "pools")

        fun of(leaves: List<ConfigLeaf>): PoolsText {
            val (ofPools, own) = leaves.partition { it.path.size > 2 && it.path[1] == "pools" }
            for (leaf in own) {
                val name = leaf.path.drop(1).joinToString(".")
                require(name != "pools") { "wspool.pools is no setting; what is below it is: $POOLS<name>.url, for one" }
                if (name !in KNOWN) throw unknownKey("wspool", name, KNOWN)
            }
            val pools = ofPools.groupBy { it.path[2] }.mapValues { (name, leaves) ->
                PoolText("$POOLS$name", leaves.associate { it.path.drop(3).joinToString(".") to it.text })
            }
            return PoolsText(own.associate { it.path[1] to it.text }, pools)
        }
    }
}
