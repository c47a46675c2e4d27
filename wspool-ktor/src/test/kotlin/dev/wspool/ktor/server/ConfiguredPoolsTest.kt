package dev.wspool.ktor.server

import com.typesafe.config.ConfigFactory
import dev.wspool.AcceptedPool
import dev.wspool.Endpoint
import dev.wspool.PoolHealth
import dev.wspool.WebSocketPool
import dev.wspool.test.FakeConnector
import io.ktor.client.request.get
import io.ktor.client.statement.bodyAsText
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.install
import io.ktor.server.config.ApplicationConfig
import io.ktor.server.config.HoconApplicationConfig
import io.ktor.server.config.MapApplicationConfig
import io.ktor.server.routing.routing
import io.ktor.server.testing.testApplication
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** What deployed applications write, and what they are told when it is wrong. */
class ConfiguredPoolsTest {
    private val echo = FakeConnector(autoConnect = true) { it.echoes() }
    private val silent = FakeConnector()
    private val endpoint = Endpoint("ws://prices/v2")

    private fun refusal(config: ApplicationConfig, declare: WebSocketPoolsConfig.() -> Unit = {}): String {
        var message = ""
        testApplication {
            environment { this.config = config }
            application {
                val refused = assertFailsWith<IllegalArgumentException> { install(WebSocketPools, declare) }
                message = refused.message.orEmpty()
            }
            startApplication()
        }
        return message
    }

    private fun map(vararg texts: Pair<String, String>) = MapApplicationConfig(*texts)

    /** As HOCON and the command line have them: numbers quoted or not, times with and without a space. */
    @Test
    fun numbersAndTimesMayBeQuoted() = testApplication {
        environment {
            config = HoconApplicationConfig(
                ConfigFactory.parseString(
                    """
                    wspool { drainTimeout = 20s, pools {
                      prices {
                        url = "ws://prices/v2", maxConnections = 64, minIdle = "4", borrowTimeout = 500ms, maxIdleTime = "1m 30s"
                        maxLifetime = Infinity, lifetimeJitter = 0.25, unsolicitedMessages = Drop
                        backoff { initial = 2s, max = PT1M }
                      }
                      "eu.news" { url = "ws://news" }
                      none {}
                    } }
                    """,
                ),
            )
        }
        application {
            install(WebSocketPools)
            assertEquals(setOf("prices", "eu.news"), webSocketPools.keys)
            val settings = webSocketPool("prices").config
            assertEquals(listOf(64, 4), listOf(settings.maxConnections, settings.minIdle))
            assertEquals(listOf(500.milliseconds, 90.seconds), listOf(settings.borrowTimeout, settings.maxIdleTime))
            assertEquals(listOf(2.seconds, 1.minutes), listOf(settings.backoff.initial, settings.backoff.max))
            assertEquals(Duration.INFINITE, settings.maxLifetime)
            assertEquals(0.25, settings.lifetimeJitter)
        }
        startApplication()
    }

    @Test
    fun aUrlThatIsNoneIsToldByItsKeyAndNotShown() {
        for (url in listOf("", "prices", "http://user:s3cret@a/t0ken", "ws://", "ws://user:s3cret@a:99999", "ws://a b/s3cret")) {
            val message = refusal(map("wspool.pools.prices.url" to url))
            assertTrue(message.startsWith("wspool.pools.prices.url "), message)
            assertFalse("s3cret" in message, message)
        }
    }

    @Test
    fun settingsOfThePluginAreToldByTheirKey() {
        for (name in listOf("drainTimeout", "warmUpTimeout", "retryAfter")) {
            assertEquals("wspool.$name must not be negative: -1s", refusal(map("wspool.$name" to "-1s")))
        }
    }

    @Test
    fun poolsThatAreNoGroupAreToldWhatIsMissing() {
        assertEquals(
            "wspool.pools is no setting; what is below it is: wspool.pools.<name>.url, for one",
            refusal(map("wspool.pools" to "prices")),
        )
        val refused = refusal(map("wspool.pools.prices" to "ws://a"))
        assertEquals("wspool.pools.prices is no setting; the nearest is wspool.pools.prices.url", refused)
    }

    @Test
    fun aWarmUpThatMakesNoSenseLeavesNoPoolOpen() {
        for ((count, message) in mapOf("-1" to "must not be negative: -1", "some" to "must be a whole number, not \"some\"")) {
            testApplication {
                environment { config = map("wspool.pools.prices.warmUp" to count) }
                application {
                    val refused = assertFailsWith<IllegalArgumentException> {
                        install(WebSocketPools) { pool("prices", echo, endpoint) { minIdle = 1 } }
                    }
                    assertEquals("wspool.pools.prices.warmUp $message", refused.message)
                    kotlinx.coroutines.runBlocking { kotlinx.coroutines.withTimeout(10.seconds) { echo.awaitOpenConnections(0) } }
                    assertEquals(0, coroutineContext[kotlinx.coroutines.Job]!!.children.count { it.isActive && "ool" in it.toString() })
                }
                startApplication()
            }
        }
    }

    @Test
    fun aWarmUpOfMoreThanThePoolMayHaveIsRefusedByItsKey() = testApplication {
        environment { config = map("wspool.pools.prices.warmUp" to "11", "wspool.pools.prices.maxConnections" to "10") }
        application {
            val refused = assertFailsWith<IllegalArgumentException> { install(WebSocketPools) { pool("prices", echo, endpoint) } }
            assertEquals("wspool.pools.prices.warmUp must not be above maxConnections (10): 11", refused.message)
        }
        startApplication()
    }

    @Test
    fun whatIsListedTogetherIsReadyWhenEachIs() = testApplication {
        val workers = AcceptedPool()
        application {
            install(WebSocketPools) { pool("prices", silent, endpoint, warmUp = 1) }
            routing { webSocketPoolStatus { webSocketPools.values + workers } }
        }
        val answer = client.get("/pools/health")
        assertEquals(HttpStatusCode.ServiceUnavailable, answer.status, answer.bodyAsText())
        assertTrue("being warmed up" in answer.bodyAsText(), answer.bodyAsText())
        workers.close()
    }

    @Test
    fun headersAndSubprotocolsStandInTheConfigurationToo() = testApplication {
        environment {
            config = map(
                "wspool.pools.prices.url" to "ws://prices",
                "wspool.pools.prices.subprotocols.size" to "2",
                "wspool.pools.prices.subprotocols.0" to "v2",
                "wspool.pools.prices.subprotocols.1" to "v1",
                "wspool.pools.prices.headers.Authorization" to "Bearer s3cret",
                "wspool.pools.prices.headers.X-Tenant" to "7",
            )
        }
        application {
            install(WebSocketPools) { pool("prices", echo, Endpoint("ws://code", mapOf("X-Tenant" to "1", "X-Code" to "c"))) }
            val endpoint = webSocketPool("prices").endpoint
            assertEquals(listOf("v2", "v1"), endpoint.subprotocols)
            assertEquals(mapOf("X-Tenant" to "7", "X-Code" to "c", "Authorization" to "Bearer s3cret"), endpoint.headers)
        }
        startApplication()
    }
}
