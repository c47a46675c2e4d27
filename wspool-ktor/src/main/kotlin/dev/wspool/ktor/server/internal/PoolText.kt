package dev.wspool.ktor.server.internal

import dev.wspool.PoolConfig

/** What the configuration says of one pool, below [root]: `wspool.pools.prices`. */
internal class PoolText(val root: String, private val texts: Map<String, SettingText> = emptyMap()) {
    init {
        for (name in texts.keys) if (name !in KNOWN && !name.startsWith(HEADERS)) throw unknownKey(root, name, KNOWN)
    }

    /** May hold secrets. */
    val url: String? get() = texts["url"]?.text

    /** By name; they may hold secrets. */
    val headers: Map<String, String>
        get() = texts.filterKeys { it.startsWith(HEADERS) }.map { (name, value) -> name.removePrefix(HEADERS) to value.text }.toMap()

    val subprotocols: List<String>? get() = texts["subprotocols"]?.list

    val warmUp: Int?
        get() {
            val count = texts["warmUp"]?.wholeNumber ?: return null
            require(count >= 0) { "$root.warmUp must not be negative: $count" }
            return count
        }

    fun applyTo(builder: PoolConfig.Builder) {
        for ((name, set) in PLAIN_SETTINGS) texts[name]?.let { builder.set(it) }
        for (group in SETTING_GROUPS) {
            val prefix = group.name + "."
            val given = group.parts.mapNotNull { part -> texts[prefix + part]?.let { part to it } }.toMap()
            if (given.isNotEmpty()) with(group) { builder.set(SettingGroup.Parts("$root.${group.name}", given)) }
        }
    }

    /** Puts the whole key in front of what refuses a setting that stands here, and the pool's in front of the rest. */
    fun <T> naming(make: () -> T): T = try {
        make()
    } catch (refused: IllegalArgumentException) {
        val text = refused.message.orEmpty()
        if (texts.isEmpty() || text.startsWith(PoolsText.ROOT)) throw refused
        val name = NAME.find(text)?.value.orEmpty()
        val key = texts.keys.firstOrNull { it == name } ?: texts.keys.firstOrNull { it.substringAfterLast('.') == name }
        throw IllegalArgumentException(if (key == null) "$root: $text" else "$root.$key${text.removePrefix(name)}", refused)
    }

    companion object {
        private const val HEADERS = "headers."

        /** What is no setting of the pool, but says where it connects to; beside headers, which have any name. */
        val OF_ENDPOINT: Set<String> = setOf("url", "subprotocols")

        /** What a message that refuses a setting begins with. */
        private val NAME = Regex("""^[A-Za-z.]+(?<!\.)""")

        val KNOWN: Set<String> = OF_ENDPOINT + "warmUp" + PLAIN_SETTINGS.keys +
            SETTING_GROUPS.flatMap { group -> group.parts.map { "${group.name}.$it" } }
    }
}
