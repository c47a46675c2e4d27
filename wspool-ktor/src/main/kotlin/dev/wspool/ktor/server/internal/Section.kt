package dev.wspool.ktor.server.internal

/**
 * What the configuration says below [root], `wspool.pools.prices`, by the rest of each key: `maxConnections`, `backoff.max`.
 *
 * @param isGiven whether it speaks of what has these settings, be it not here.
 */
internal class Section(
    val root: String,
    private val texts: Map<String, SettingText> = emptyMap(),
    private val isGiven: Boolean = texts.isNotEmpty(),
) {
    val names: Set<String> get() = texts.keys

    operator fun get(name: String): SettingText? = texts[name]

    fun <T : Any> required(name: String, value: T?): T = requireNotNull(value) { "$root.$name is missing" }

    fun below(name: String): Section =
        Section("$root.$name", texts.filterKeys { it.startsWith("$name.") }.mapKeys { it.key.removePrefix("$name.") }, isGiven)

    /** All but what is [below] that name. */
    fun beside(name: String): Section = Section(root, texts.filterKeys { !it.startsWith("$name.") }, isGiven)

    /** @throws IllegalArgumentException where a name is not among [known], and not below [open], where any is. */
    fun requireKnown(known: Collection<String>, open: String) {
        for (name in names) if (name !in known && !name.startsWith("$open.")) throw unknownKey(root, name, known)
    }

    /** Puts the whole key in front of what refuses a setting that stands here, and the [root] in front of the rest. */
    fun <T> naming(make: () -> T): T = try {
        make()
    } catch (refused: IllegalArgumentException) {
        val text = refused.message.orEmpty()
        if (!isGiven || text.startsWith(PoolsText.ROOT)) throw refused
        val name = NAME.find(text)?.value.orEmpty()
        val key = names.firstOrNull { it == name } ?: names.firstOrNull { it.substringAfterLast('.') == name }
        throw IllegalArgumentException(if (key == null) "$root: $text" else "$root.$key${text.removePrefix(name)}", refused)
    }

    private companion object {
        /** What a message that refuses a setting begins with. */
        val NAME = Regex("""^[A-Za-z.]+(?<!\.)""")
    }
}
