package dev.wspool.ktor.server.internal

import com.typesafe.config.ConfigFactory
import dev.wspool.AdaptiveCapacity
import dev.wspool.Backoff
import dev.wspool.Compression
import dev.wspool.Diagnostics
import dev.wspool.FullReceiveBuffer
import dev.wspool.LeakDetection
import dev.wspool.PoolConfig
import dev.wspool.TlsConfig
import dev.wspool.UnreadMessages
import dev.wspool.UnsolicitedMessages
import dev.wspool.ktor.TestKeys
import io.ktor.server.config.ApplicationConfig
import io.ktor.server.config.HoconApplicationConfig
import io.ktor.server.config.MapApplicationConfig
import io.ktor.server.config.withFallback
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertSame
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** What the application's configuration says of pools. */
class PoolTextTest {
    /** What takes code or an object, and why no text can say it. */
    private val notText = mapOf(
        "correlator" to "an object that reads messages",
        "network" to "a flow of states",
        "parent" to "a scope; the application's by default",
        "dispatcher" to "an object",
        "timeSource" to "an object, for tests",
        "random" to "an object, for tests",
        "beforeConnect" to "code",
        "onConnect" to "code",
        "onBorrow" to "code",
        "onReturn" to "code",
        "onClose" to "code",
        "onBackgroundError" to "code",
        "onCloseCode" to "code",
        "goAwayWhen" to "code",
        "reuseAfterFailure" to "code",
    )

    @Test
    fun everySettingThatCanBeWrittenIsKnown() {
        val written = PoolText.KNOWN.map { it.substringBefore('.') }.toSet() - PoolText.OF_ENDPOINT - "warmUp"
        assertEquals(settingsOf<PoolConfig.Builder>(), (written + notText.keys).toSortedSet())
    }

    /** The certificate of a client is a key store here; the choice between the three ways to trust is `insecure` and `trust`. */
    @Test
    fun everySettingOfTlsIsKnown() {
        val written = PARTED_SETTINGS.single { it.name == "tls" }.parts.toSet()
        val ways = setOf("keyStore", "keyStorePassword") to setOf("clientCertificate", "verified")
        assertEquals(settingsOf<TlsConfig.Builder>(), (written - ways.first + ways.second).toSortedSet())
    }

    @Test
    fun eachSettingIsReadFromItsKey() {
        val texts = mapOf(
            "name" to "quotes", "maxConnections" to "21", "minIdle" to "2", "maxIdle" to "3", "maxWaiting" to "4",
            "borrowTimeout" to "500ms", "connectTimeout" to "PT1.5S", "maxConcurrentConnects" to "5", "maxConnectsPerSecond" to "0.5",
            "maxIdleTime" to "1m 30s", "maxLifetime" to "1h", "lifetimeJitter" to "0.2", "minRemainingLifetime" to "6s", "maxUses" to "7",
            "pingInterval" to "8s", "pongTimeout" to "9s", "validateAfterIdle" to "2s", "validateTimeout" to "11s", "sendTimeout" to "12s",
            "closeTimeout" to "13s", "abortTimeout" to "14s", "receiveBuffer" to "15", "fullReceiveBuffer" to "FailLease",
            "unreadMessages" to "Drop", "unsolicitedMessages" to "Keep", "maxMessageSize" to "2000", "maxBytesInFlight" to "3000",
            "proxy" to "http://proxy:3128", "backoff.initial" to "1m", "backoff.max" to "2m", "compression.minSize" to "16",
            "compression.level" to "9", "compression.clientNoContextTakeover" to "false", "compression.serverNoContextTakeover" to "true",
            "diagnostics.measureTimes" to "true", "diagnostics.borrowSites" to "true", "diagnostics.leakDetection" to "Sampled",
            "diagnostics.leakThreshold" to "1m", "diagnostics.reclaimLeaks" to "true", "diagnostics.verbose" to "true",
            "tls.serverName" to "prices", "leasesPerConnection" to "1",
        )
        val config = map(*texts.map { (key, text) -> "wspool.pools.prices.$key" to text }.toTypedArray()).built()
        assertEquals("quotes", config.name)
        assertEquals(listOf(21, 2, 3, 4), listOf(config.maxConnections, config.minIdle, config.maxIdle, config.maxWaiting))
        assertEquals(listOf(500.milliseconds, 1.5.seconds), listOf(config.borrowTimeout, config.connectTimeout))
        assertEquals(listOf<Number>(5, 0.5), listOf(config.maxConcurrentConnects, config.maxConnectsPerSecond))
        assertEquals(listOf(90.seconds, 60.minutes, 6.seconds), listOf(config.maxIdleTime, config.maxLifetime, config.minRemainingLifetime))
        assertEquals(listOf<Number>(0.2, 7, 1), listOf(config.lifetimeJitter, config.maxUses, config.leasesPerConnection))
        assertEquals(listOf(8.seconds, 9.seconds, 2.seconds), listOf(config.pingInterval, config.pongTimeout, config.validateAfterIdle))
        assertEquals(listOf(11.seconds, 12.seconds), listOf(config.validateTimeout, config.sendTimeout))
        assertEquals(listOf(13.seconds, 14.seconds), listOf(config.closeTimeout, config.abortTimeout))
        assertEquals(15, config.receiveBuffer)
        assertEquals(FullReceiveBuffer.FailLease, config.fullReceiveBuffer)
        assertIs<UnreadMessages.Drop>(config.unreadMessages)
        assertIs<UnsolicitedMessages.Keep>(config.unsolicitedMessages)
        assertEquals(listOf(2_000, 3_000), listOf(config.transport.maxMessageSize, config.transport.maxBytesInFlight))
        assertEquals("http://proxy:3128", config.transport.proxy)
        assertEquals(Backoff(1.minutes, 2.minutes), config.backoff)
        assertEquals(Compression(16, 9, false, true), config.transport.compression)
        assertEquals(Diagnostics(true, true, LeakDetection.Sampled, 1.minutes, true, true), config.diagnostics)
        assertEquals("prices", config.transport.tls.serverName)
        val left = PoolText.KNOWN - texts.keys - PoolText.OF_ENDPOINT - "warmUp"
        assertEquals(emptyList(), left.filterNot { it.startsWith("adaptiveCapacity.") || it.startsWith("tls.") || it == "compression" })
    }

    @Test
    fun whatStandsForItselfIsReadTooAsHoconHasIt(@TempDir directory: File) {
        val store = File(directory, "none.p12")
        val text = hocon(
            """
            wspool.pools."eu.prices" {
                adaptiveCapacity { minCapacity = 2, maxCapacity = 9, minInterval = 1s, maxInterval = 2s }
                compression = true
                tls { insecure = true, protocols = [TLSv1.3], cipherSuites = [TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384] }
                validateAfterIdle = Infinity
            }
            """,
        )
        val config = text.built("eu.prices")
        assertEquals(AdaptiveCapacity(2, 9, 1.seconds, 2.seconds), config.adaptiveCapacity)
        assertEquals(Compression(), config.transport.compression)
        assertTrue(config.transport.tls.isInsecure)
        assertEquals(listOf("TLSv1.3"), config.transport.tls.protocols)
        assertEquals(2, config.transport.tls.cipherSuites.size)
        assertEquals(Duration.INFINITE, config.validateAfterIdle)
        assertRefused("tls.keyStorePassword is missing", "tls.keyStore" to store.path)
        assertRefused(
            "tls.keyStore: $store cannot be read: $store (No such file or directory)",
            "tls.keyStore" to store.path,
            "tls.keyStorePassword" to "hunter2",
        )
        assertRefused("tls.trust: $store cannot be read: $store (No such file or directory)", "tls.trust" to store.path)
        store.writeText("no certificate")
        assertRefused("tls.trust: $store holds no certificate that can be read", "tls.trust" to store.path)
    }

    @Test
    fun certificatesAreReadFromFiles() {
        val keys = TestKeys.selfSigned("localhost")
        val store = File.createTempFile("keys", ".p12").apply { deleteOnExit() }
        store.outputStream().use { keys.store.store(it, TestKeys.PASSWORD) }
        val text = map(
            "wspool.pools.prices.tls.trust" to keys.pem().path,
            "wspool.pools.prices.tls.keyStore" to store.path,
            "wspool.pools.prices.tls.keyStorePassword" to String(TestKeys.PASSWORD),
        )
        val tls = text.built { tls { insecure() } }.transport.tls
        assertFalse(tls.isInsecure)
        assertEquals(listOf(keys.certificate), tls.trusted)
        assertEquals(listOf(keys.chain), tls.clientCertificates.map { it.chain })
        val failure = assertFailsWith<IllegalArgumentException> {
            map("wspool.pools.prices.tls.keyStore" to store.path, "wspool.pools.prices.tls.keyStorePassword" to "hunter2").built()
        }
        assertTrue(failure.message!!.startsWith("wspool.pools.prices.tls.keyStore: $store cannot be read: "), failure.message)
        assertFalse("hunter2" in failure.message!!, failure.message)
    }

    @Test
    fun theConfigurationHasTheLastWordAndLeavesTheRestToCode() {
        val config = map("wspool.pools.prices.maxConnections" to "64", "wspool.pools.prices.backoff.max" to "1m").built {
            maxConnections = 16
            minIdle = 8
            backoff = Backoff(2.seconds, 20.seconds)
        }
        assertEquals(listOf(64, 8), listOf(config.maxConnections, config.minIdle))
        assertEquals(Backoff(2.seconds, 1.minutes), config.backoff)
    }

    @Test
    fun anErrorNamesTheWholeKeyAndTheValue() {
        assertRefused("maxConnections must be a whole number, not \"many\"", "maxConnections" to "many")
        assertRefused("lifetimeJitter must be a number, not \"some\"", "lifetimeJitter" to "some")
        assertRefused("maxLifetime must be a time, as 500ms, 1m 30s, Infinity or PT1.5S, not \"1 hour\"", "maxLifetime" to "1 hour")
        assertRefused("compression must be true or false, not \"on\"", "compression" to "on")
        assertRefused("unreadMessages must be one of CloseConnection, Drop, Keep, not \"Drain\"", "unreadMessages" to "Drain")
        assertRefused("fullReceiveBuffer must be one of StopReading, FailLease, not \"\"", "fullReceiveBuffer" to "")
        assertRefused("maxConnections must be at least 1, not 0", "maxConnections" to "0")
        assertRefused("minIdle (5) must not exceed maxConnections (2)", "minIdle" to "5", "maxConnections" to "2")
        assertRefused("backoff.initial must be positive, not -1s", "backoff.initial" to "-1s")
        assertRefused("compression.level must be from 1 to 9, or -1 for the default, not 10", "compression.level" to "10")
        assertRefused("adaptiveCapacity.minCapacity is missing", "adaptiveCapacity.maxCapacity" to "9")
        assertRefused(
            "adaptiveCapacity.maxCapacity (1) must not be below minCapacity (2)",
            "adaptiveCapacity.maxCapacity" to "1",
            "adaptiveCapacity.minCapacity" to "2",
        )
        assertRefused("tls.serverName must not be blank", "tls.serverName" to " ")
        assertRefused("tls.insecure must be true or false, not \"yes\"", "tls.insecure" to "yes")
        val mixed = assertFailsWith<IllegalArgumentException> { map("wspool.pools.prices.maxConnections" to "2").built { minIdle = 5 } }
        assertEquals("wspool.pools.prices: minIdle (5) must not exceed maxConnections (2)", mixed.message)
    }

    @Test
    fun aProxyIsNotShown() {
        val failure = assertFailsWith<IllegalArgumentException> { map("wspool.pools.prices.proxy" to "ftp://user:s3cret@proxy").built() }
        assertEquals("wspool.pools.prices.proxy must be http://host:port, or http://user:password@host:port", failure.message)
    }

    @Test
    fun anUnknownKeyNamesTheNearest() {
        assertRefused("maxConection is no setting; the nearest is wspool.pools.prices.maxConnections", "maxConection" to "1")
        assertRefused("backof.max is no setting; the nearest is wspool.pools.prices.backoff.max", "backof.max" to "1s")
        assertRefused("borrowtimeout is no setting; the nearest is wspool.pools.prices.borrowTimeout", "borrowtimeout" to "1s")
        val top = assertFailsWith<IllegalArgumentException> { map("wspool.drainTime" to "1s").read() }
        assertEquals("wspool.drainTime is no setting; the nearest is wspool.drainTimeout", top.message)
        val plural = assertFailsWith<IllegalArgumentException> { map("wspool.pool.prices.url" to "ws://a").read() }
        assertTrue(plural.message!!.startsWith("wspool.pool.prices.url is no setting; the nearest is wspool."), plural.message)
        val scalar = assertFailsWith<IllegalArgumentException> { map("wspool.pools.prices" to "ws://a").read() }
        assertTrue(scalar.message!!.startsWith("wspool.pools.prices is no setting; the nearest is wspool.pools.prices."), scalar.message)
        map("wspoolers.pools" to "somebody else's").read()
    }

    @Test
    fun aPoolWhoseNameBeginsAsAnothersIsAnother() {
        val pools = map("wspool.pools.a.url" to "ws://a", "wspool.pools.ab.url" to "ws://ab").read().pools
        assertEquals(listOf("ws://a", "ws://ab"), listOf(pools["a"]?.url, pools["ab"]?.url))
        assertEquals(setOf("a", "ab"), pools.keys)
    }

    @Test
    fun whatIsOfThePluginIsRead() {
        val text = hocon("wspool { drainTimeout = 3s, warmUpTimeout = 4s, retryAfter = 5s, pools.prices.warmUp = 2 }").read()
        assertEquals(listOf(3.seconds, 4.seconds, 5.seconds), listOf(text.drainTimeout, text.warmUpTimeout, text.retryAfter))
        assertEquals(2, text.pool("prices").warmUp)
        val failure = assertFailsWith<IllegalArgumentException> { map("wspool.pools.prices.warmUp" to "-1").read().pool("prices").warmUp }
        assertEquals("wspool.pools.prices.warmUp must not be negative: -1", failure.message)
    }

    @Test
    fun whatIsGivenOnTheCommandLineIsMergedIn() {
        val merged = map("wspool.pools.prices.maxConnections" to "64").withFallback(
            hocon("wspool.pools.prices { maxConnections = 2, minIdle = 1, tls.protocols = [TLSv1.2, TLSv1.3] }"),
        )
        val config = merged.built()
        assertEquals(listOf(64, 1), listOf(config.maxConnections, config.minIdle))
        assertEquals(listOf("TLSv1.2", "TLSv1.3"), config.transport.tls.protocols)
    }

    @Test
    fun whatIsRefusedWithoutAnyConfigurationStaysAsItIs() {
        val refused = IllegalArgumentException("maxConnections must be at least 1, not 0")
        assertSame(refused, assertFailsWith<IllegalArgumentException> { PoolText(Section("wspool.pools.prices")).naming { throw refused } })
    }

    private fun assertRefused(text: String, vararg settings: Pair<String, String>) {
        val config = map(*settings.map { (key, value) -> "wspool.pools.prices.$key" to value }.toTypedArray())
        val failure = assertFailsWith<IllegalArgumentException> { config.built() }
        assertEquals("wspool.pools.prices.$text", failure.message)
    }

    private fun map(vararg values: Pair<String, String>) = MapApplicationConfig(*values)

    private fun hocon(text: String) = HoconApplicationConfig(ConfigFactory.parseString(text))

    private fun ApplicationConfig.read() = PoolsText.of(ConfigLeaf.below(PoolsText.ROOT, this))

    private fun ApplicationConfig.built(name: String = "prices", code: PoolConfig.Builder.() -> Unit = {}): PoolConfig {
        val text = read().pool(name)
        return text.naming { PoolConfig.Builder().apply(code).also(text::applyTo).build() }
    }
}
