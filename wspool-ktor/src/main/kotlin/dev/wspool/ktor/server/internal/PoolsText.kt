package dev.wspool.ktor.server.internal

import kotlin.time.Duration

/** What the configuration says of pools and groups, checked for keys that nobody knows. */
internal class PoolsText private constructor(
    private val own: Section,
    val pools: Map<String, PoolText>,
    val groups: Map<String, GroupText>,
) {
    val drainTimeout: Duration? get() = span("drainTimeout")
    val warmUpTimeout: Duration? get() = span("warmUpTimeout")
    val retryAfter: Duration? get() = span("retryAfter")

    fun pool(name: String): PoolText = pools[name] ?: PoolText(Section("$POOLS.$name"))

    fun group(name: String): GroupText = groups[name] ?: GroupText(Section("$GROUPS.$name"))

    private fun span(name: String): Duration? {
        val span = own[name]?.span ?: return null
        require(!span.isNegative()) { "$ROOT$name must not be negative: $span" }
        return span
    }

    companion object {
        const val ROOT = "wspool."
        private const val POOLS = "wspool.pools"
        private const val GROUPS = "wspool.groups"

        /** What stands below names that are the application's, for example. */
        private val NAMED = mapOf("pools" to "url", "groups" to "urls")
        private val KNOWN = setOf("drainTimeout", "warmUpTimeout", "retryAfter") + NAMED.keys

        fun of(leaves: List<ConfigLeaf>): PoolsText {
            val (named, own) = leaves.partition { it.path.size > 2 && it.path[1] in NAMED }
            for (leaf in own) {
                val name = leaf.path.drop(1).joinToString(".")
                require(name !in NAMED) { "$ROOT$name is no setting; what is below it is: $ROOT$name.<name>.${NAMED[name]}, for one" }
                if (name !in KNOWN) throw unknownKey("wspool", name, KNOWN)
            }
            val sections = named.groupBy { it.path.take(3) }.mapValues { (path, leaves) -> section(path, leaves) }
            fun <T> below(kind: String, read: (Section) -> T) =
                sections.filterKeys { it[1] == kind }.entries.associate { (path, section) -> path[2] to read(section) }
            return PoolsText(section(listOf("wspool"), own), below("pools", ::PoolText), below("groups", ::GroupText))
        }

        private fun section(path: List<String>, leaves: List<ConfigLeaf>) =
            Section(path.joinToString("."), leaves.associate { it.path.drop(path.size).joinToString(".") to it.text })
    }
}
