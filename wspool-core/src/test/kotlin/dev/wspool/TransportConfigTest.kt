package dev.wspool

import dev.wspool.test.FakeConnector
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** What a connector can be told, and who may tell it. */
class TransportConfigTest {
    @Test
    fun theDefaultsAreAsDocumented() {
        val config = TransportConfig()
        assertEquals(1024 * 1024, config.maxMessageSize)
        assertEquals(64 * 1024, config.maxBytesInFlight)
        assertNull(config.proxy)
        assertFalse(config.isGiven("maxMessageSize"))
        assertFalse(config.isGiven("tls"))
    }

    @Test
    fun aPoolThatMakesItsConnectorHandsItItsSettings() {
        var told: TransportConfig? = null
        val make = { config: TransportConfig ->
            told = config
            FakeConnector()
        }
        WebSocketPool(Endpoint("ws://fake"), make) {
            maxMessageSize = 10
            maxBytesInFlight = 2048
            proxy = "http://localhost:3128"
            tls { serverName = "other.example" }
        }.close()
        val config = told!!
        assertEquals(10, config.maxMessageSize)
        assertEquals(2048, config.maxBytesInFlight)
        assertEquals("http://localhost:3128", config.proxy)
        assertEquals("other.example", config.tls.serverName)
        assertTrue(config.isGiven("tls"))
    }

    @Test
    fun settingsForAConnectorThatIsThereAlreadyAreRefused() {
        val connector = FakeConnector()
        for ((name, set) in mapOf<String, PoolConfig.Builder.() -> Unit>(
            "maxMessageSize" to { maxMessageSize = 10 },
            "maxBytesInFlight" to { maxBytesInFlight = 2048 },
            "proxy" to { proxy = "http://localhost:3128" },
            "tls" to { tls { verified() } },
        )) {
            val refusal = assertFailsWith<IllegalArgumentException> { WebSocketPool(connector, Endpoint("ws://fake"), set) }
            assertEquals("$name cannot be set here: it is the connector's, which is there already", refusal.message)
        }
    }

    @Test
    fun whatAConnectorWasToldCannotBeChanged() {
        val pool = WebSocketPool(Endpoint("ws://fake"), { FakeConnector() }) { tls { verified() } }
        pool.reconfigure { maxConnections = 3 }
        for (change in listOf<PoolConfig.Builder.() -> Unit>({ maxMessageSize = 10 }, { proxy = "http://localhost:3128" })) {
            val refusal = assertFailsWith<IllegalArgumentException> { pool.reconfigure(change) }
            assertEquals("what a connector is told cannot be changed while the pool runs", refusal.message!!.substringBefore(':'))
        }
        assertFailsWith<IllegalArgumentException> { pool.reconfigure { tls { insecure() } } }
        pool.close()
    }

    @Test
    fun aProxyIsAnHttpUrl() {
        for (wrong in listOf("localhost:3128", "socks://localhost:1080", "http://localhost", "http://", "http://h:1:2", "http://h:0")) {
            val refusal = assertFailsWith<IllegalArgumentException>(wrong) { TransportConfig { proxy = wrong } }
            assertEquals("proxy must be http://host:port, or http://user:password@host:port", refusal.message)
        }
        assertFalse("s3cret" in "${TransportConfig { proxy = "http://ann:s3cret@localhost:3128" }}")
    }
}
