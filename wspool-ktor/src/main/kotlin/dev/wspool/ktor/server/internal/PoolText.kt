package dev.wspool.ktor.server.internal

import dev.wspool.Endpoint
import dev.wspool.PoolConfig

/** What the configuration says of one pool. */
internal class PoolText(private val section: Section) {
    init {
        section.requireKnown(KNOWN, open = HEADERS)
    }

    /** May hold secrets. */
    val url: String? get() = section["url"]?.text

    val warmUp: Int?
        get() {
            val count = section["warmUp"]?.wholeNumber ?: return null
            require(count >= 0) { "${section.root}.warmUp must not be negative: $count" }
            return count
        }

    /** Where the pool [name] connects to. */
    fun endpoint(name: String, coded: Endpoint?): Endpoint {
        val url = requireNotNull(url ?: coded?.url) { "${section.root}.url is missing, and the code gives no URL to \"$name\"" }
        return section.endpoint(url, coded)
    }

    fun applyTo(builder: PoolConfig.Builder) = POOL_SETTINGS.apply(section, builder)

    /** See [Section.naming]. */
    fun <T> naming(make: () -> T): T = section.naming(make)

    companion object {
        /** What is no setting of the pool, but says where it connects to; beside headers, which have any name. */
        val OF_ENDPOINT: Set<String> = setOf("url", SUBPROTOCOLS)

        val KNOWN: Set<String> = OF_ENDPOINT + "warmUp" + POOL_SETTINGS.names
    }
}
