package dev.wspool.ktor.server.internal

import com.typesafe.config.ConfigFactory
import dev.wspool.Balancer
import dev.wspool.Discovery
import dev.wspool.DnsDiscovery
import dev.wspool.Ejection
import dev.wspool.Endpoint
import dev.wspool.GroupConfig
import dev.wspool.PoolConfig
import io.ktor.server.config.ApplicationConfig
import io.ktor.server.config.HoconApplicationConfig
import io.ktor.server.config.MapApplicationConfig
import kotlinx.coroutines.flow.emptyFlow
import kotlinx.coroutines.flow.single
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertSame
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** What the application's configuration says of groups. */
class GroupTextTest {
    @Test
    fun everySettingThatCanBeWrittenIsKnown() {
        val written = GroupText.KNOWN.map { it.substringBefore('.') }.toSet() - GroupText.OF_ENDPOINTS
        val code = "each"
        assertEquals(settingsOf<GroupConfig.Builder>(), (written + code).toSortedSet())
    }

    @Test
    fun eachSettingIsReadFromItsKey() {
        val config = built(
            """
            name = quotes, maxConnections = 21, maxWaiting = 22, borrowTimeout = 1s, maxConcurrentConnects = 23, maxConnectsPerSecond = 0.5
            balancer = PowerOfTwoChoices, connectPatience = 2s, removalTimeout = 3s, maxPools = 24, maxEmptyTime = 4m
            ejection { failures = 25, window = 5s, firstTime = 6s, longestTime = 7m }
            """,
        ).group
        assertEquals("quotes", config.name)
        assertEquals(listOf(21, 22, 23, 24), config.run { listOf(maxConnections, maxWaiting, maxConcurrentConnects, maxPools) })
        assertEquals(listOf(1.seconds, 2.seconds, 3.seconds), config.run { listOf(borrowTimeout, connectPatience, removalTimeout) })
        assertEquals(listOf<Any>(0.5, 4.minutes), listOf(config.maxConnectsPerSecond, config.maxEmptyTime))
        assertEquals("${Ejection(25, 5.seconds, 6.seconds, 7.minutes)}", "${config.ejection}")
        assertEquals("PowerOfTwoChoices", "${config.balancer}")
    }

    @Test
    fun balancersAreKnownByName() {
        for (balancer in listOf(Balancer.RoundRobin, Balancer.LeastLeased, Balancer.PowerOfTwoChoices, Balancer.ConsistentHash)) {
            assertSame(balancer, built("balancer = $balancer").group.balancer)
        }
        assertRefused(
            "balancer = Random",
            "balancer must be one of RoundRobin, LeastLeased, PowerOfTwoChoices, ConsistentHash, not \"Random\"",
        )
    }

    @Test
    fun ejectionIsOffOrOnOrSaidByItsParts() {
        assertNull(built("ejection = off").group.ejection)
        assertEquals(Ejection(), built("ejection = on") { ejection = null }.group.ejection)
        assertEquals(Ejection(failures = 2), built("ejection = on") { ejection = Ejection(failures = 2) }.group.ejection)
        assertEquals(Ejection(3, 9.seconds), built("ejection.failures = 3") { ejection = Ejection(2, 9.seconds) }.group.ejection)
        assertRefused("ejection = never", "ejection must be one of on, off, not \"never\"")
        assertRefused("ejection.failures = 0", "ejection.failures must be at least 1, not 0")
    }

    @Test
    fun poolsHaveTheSettingsOfAPool() {
        val pools = built("pools { maxConnections = 4, backoff.max = 1m, pingInterval = 7s }") { pools { minIdle = 2 } }.pools
        assertEquals(listOf(4, 2), listOf(pools.maxConnections, pools.minIdle))
        assertEquals(listOf(1.minutes, 7.seconds), listOf(pools.backoff.max, pools.pingInterval))
        assertEquals(POOL_SETTINGS.names, GroupText.KNOWN.filter { it.startsWith("pools.") }.map { it.removePrefix("pools.") }.toSet())
    }

    @Test
    fun theConfigurationHasTheLastWordAndLeavesTheRestToCode() {
        val config = built("maxConnections = 64") {
            maxConnections = 16
            maxWaiting = 8
        }.group
        assertEquals(listOf(64, 8), listOf(config.maxConnections, config.maxWaiting))
    }

    @Test
    fun anErrorTellsWhetherItIsTheGroupsOrItsPools() {
        assertRefused("maxConnections = 0", "maxConnections must be at least 1, not 0")
        assertRefused("pools.maxConnections = 0", "pools.maxConnections must be at least 1, not 0")
        val two = "maxConnections = 9, pools { minIdle = 5, maxConnections = 2 }"
        assertRefused(two, "pools.minIdle (5) must not exceed maxConnections (2)")
        assertRefused("pools.maxConnections = many", "pools.maxConnections must be a whole number, not \"many\"")
        val coded = assertFailsWith<IllegalArgumentException> { built("maxConnections = 9") { pools { maxConnections = 0 } } }
        assertEquals("wspool.groups.fleet.pools: maxConnections must be at least 1, not 0", coded.message)
        val adaptive = "adaptiveCapacity cannot be set here: a group shares its maxConnections out"
        val refused = assertFailsWith<IllegalArgumentException> { built("pools.adaptiveCapacity { minCapacity = 1, maxCapacity = 2 }") }
        assertEquals("wspool.groups.fleet: $adaptive", refused.message)
    }

    @Test
    fun anUnknownKeyNamesTheNearest() {
        assertRefused("maxConection = 1", "maxConection is no setting; the nearest is wspool.groups.fleet.maxConnections")
        assertRefused("pools.maxIdel = 1", "pools.maxIdel is no setting; the nearest is wspool.groups.fleet.pools.maxIdle")
        assertRefused("url = \"ws://a\"", "url is no setting; the nearest is wspool.groups.fleet.urls")
        assertRefused("pools.url = \"ws://a\"", "pools.url is no setting; the nearest is wspool.groups.fleet.pools.name")
        val none = assertFailsWith<IllegalArgumentException> { read(MapApplicationConfig("wspool.groups" to "fleet")) }
        assertEquals("wspool.groups is no setting; what is below it is: wspool.groups.<name>.urls, for one", none.message)
    }

    @Test
    fun urlsAreTheEndpointsEachWithTheSameHandshake() = runTest {
        val text = """urls = ["ws://a", "ws://b"], headers { Authorization = "Bearer s3cret" }, subprotocols = [v2]"""
        val handshake = mapOf("Authorization" to "Bearer s3cret") to listOf("v2")
        val found = text(text).discovery("fleet", listOf("ws://code")).found()
        assertEquals(setOf("ws://a", "ws://b"), found.map { it.url }.toSet())
        assertEquals(setOf(handshake), found.map { it.headers to it.subprotocols }.toSet())
        assertEquals(setOf("ws://one"), text("urls = \"ws://one\"").discovery("fleet", emptyList()).found().map { it.url }.toSet())
        val coded = text("$text\nurls = null").discovery("fleet", listOf("ws://a")).found().single()
        assertEquals(handshake, coded.headers to coded.subprotocols)
    }

    @Test
    fun aUrlThatIsNoneIsToldByItsKeyAndNotShown() {
        for (url in listOf("", "prices", "http://user:s3cret@a/t0ken", "ws://")) {
            val text = text("urls = [\"ws://a\", \"$url\"]")
            val refused = assertFailsWith<IllegalArgumentException> { text.discovery("fleet", emptyList()) }
            assertEquals("wspool.groups.fleet.urls: url ", refused.message!!.take(30))
            assertFalse("s3cret" in refused.message!! || "t0ken" in refused.message!!, refused.message)
        }
    }

    @Test
    fun whereNobodyNamesAnEndpointTheKeyIsTold() {
        val message = "urls is missing, and the code gives no URL to \"fleet\""
        for (text in listOf("", "maxConnections = 1", "urls = []")) {
            val refused = assertFailsWith<IllegalArgumentException> { text(text).discovery("fleet", emptyList()) }
            assertEquals("wspool.groups.fleet.$message", refused.message)
        }
    }

    @Test
    fun theAddressesOfOneUrlMayBeLookedUp() {
        fun found(text: String, vararg coded: String) = text(text).discovery("fleet", coded.asList()).toString()
        val usual = DnsDiscovery(Endpoint("ws://prices"))
        assertEquals("$usual", found("urls = \"ws://prices\", discovery = dns"))
        assertEquals("$usual", found("discovery = dns", "ws://prices"))
        assertEquals("the addresses of ws://prices, looked up every 5m", found("discovery = dns, discoveryInterval = 5m", "ws://prices"))
        for ((text, message) in mapOf(
            "urls = [\"ws://a\", \"ws://b\"], discovery = dns" to "urls must be one URL where discovery is dns, not 2",
            "discovery = srv" to "discovery must be one of fixed, dns, not \"srv\"",
            "discoveryInterval = 5m" to "discoveryInterval cannot be set where discovery is not dns",
            "discovery = dns, discoveryInterval = 5ms" to "discoveryInterval: interval (5ms) must not be below minInterval (1s)",
        )) {
            assertEquals("wspool.groups.fleet.$message", assertFailsWith<IllegalArgumentException> { found(text, "ws://a") }.message)
        }
    }

    @Test
    fun urlsTakeThePlaceOfADiscoveryOfCode() = runTest {
        val coded = Discovery.fixed(Endpoint("ws://code"))
        assertSame(coded, text("maxConnections = 1").discovery("fleet", coded))
        assertEquals(setOf(Endpoint("ws://a")), text("urls = \"ws://a\"").discovery("fleet", coded).found())
        for (text in listOf("headers.X = y", "subprotocols = [v2]", "discovery = dns", "discoveryInterval = 1m")) {
            val refused = assertFailsWith<IllegalArgumentException> { text(text).discovery("fleet", coded) }
            val why = "cannot be set without urls: the code gives a discovery, which tells all of its endpoints"
            assertEquals("wspool.groups.fleet.${text.substringBefore(' ')} $why", refused.message)
        }
    }

    private suspend fun Discovery.found(): Set<Endpoint> = endpoints(emptyFlow()).single()

    private fun assertRefused(text: String, message: String) {
        assertEquals("wspool.groups.fleet.$message", assertFailsWith<IllegalArgumentException> { built(text) }.message)
    }

    private class Built(val group: GroupConfig, val pools: PoolConfig)

    private fun built(text: String, code: GroupConfig.Builder.() -> Unit = {}): Built {
        val read = text(text)
        return read.naming {
            lateinit var pools: PoolConfig
            val builder = GroupConfig.Builder().apply(code).also(read::applyTo)
            builder.pools { pools = build() }
            Built(builder.build(), pools)
        }
    }

    private fun text(text: String) =
        read(HoconApplicationConfig(ConfigFactory.parseString("wspool.groups.fleet {\n$text\n}"))).group("fleet")

    private fun read(config: ApplicationConfig) = PoolsText.of(ConfigLeaf.below(PoolsText.ROOT, config))
}
