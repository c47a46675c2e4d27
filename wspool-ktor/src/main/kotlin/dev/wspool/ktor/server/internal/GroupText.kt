package dev.wspool.ktor.server.internal

import dev.wspool.Discovery
import dev.wspool.DnsDiscovery
import dev.wspool.Endpoint
import dev.wspool.GroupConfig

/** What the configuration says of one group. */
internal class GroupText(section: Section) {
    init {
        section.requireKnown(KNOWN, open = HEADERS)
    }

    private val own = section.beside(POOLS)
    private val pools = section.below(POOLS)

    /** What finds the endpoints of the group [name], which code gives the [coded] URLs. */
    fun discovery(name: String, coded: List<String>): Discovery {
        val given = own["urls"]
        given?.list?.forEach { given.checked { Endpoint(it) } }
        val endpoints = (given?.list ?: coded).map(own::endpoint)
        require(endpoints.isNotEmpty()) { "${own.root}.urls is missing, and the code gives no URL to \"$name\"" }
        return if (own["discovery"]?.oneOf(WAYS) == true) dns(endpoints) else fixed(endpoints)
    }

    /** As the other, where code gives a discovery of its own. */
    fun discovery(name: String, coded: Discovery): Discovery {
        if (own["urls"] != null) return discovery(name, emptyList())
        requireNoEndpoints("without urls: the code gives a discovery, which tells all of its endpoints")
        return coded
    }

    fun requireNoEndpoints(why: String) {
        val name = own.names.firstOrNull { it in OF_ENDPOINTS || it.startsWith("$HEADERS.") } ?: return
        throw IllegalArgumentException("${own.root}.$name cannot be set $why")
    }

    private fun fixed(endpoints: List<Endpoint>): Discovery {
        require(own[INTERVAL] == null) { "${own.root}.$INTERVAL cannot be set where discovery is not dns" }
        return Discovery.fixed(*endpoints.toTypedArray())
    }

    private fun dns(endpoints: List<Endpoint>): Discovery {
        require(endpoints.size == 1) { "${own.root}.urls must be one URL where discovery is dns, not ${endpoints.size}" }
        val interval = own[INTERVAL] ?: return DnsDiscovery(endpoints.single())
        return interval.checked { DnsDiscovery(endpoints.single(), interval.span) }
    }

    fun applyTo(builder: GroupConfig.Builder) {
        GROUP_SETTINGS.apply(own, builder)
        builder.pools {
            pools.naming {
                POOL_SETTINGS.apply(pools, this)
                build() // here it is known that they are the pools' settings that make no sense, not the group's
            }
        }
    }

    /** See [Section.naming]. */
    fun <T> naming(make: () -> T): T = own.naming(make)

    companion object {
        private const val POOLS = "pools"
        private const val INTERVAL = "discoveryInterval"
        private val WAYS = mapOf("fixed" to false, "dns" to true)

        /** What says where a group connects to; beside headers, which have any name. */
        val OF_ENDPOINTS: Set<String> = setOf("urls", "discovery", INTERVAL, SUBPROTOCOLS)

        val KNOWN: Set<String> = OF_ENDPOINTS + GROUP_SETTINGS.names + POOL_SETTINGS.names.map { "$POOLS.$it" }
    }
}
