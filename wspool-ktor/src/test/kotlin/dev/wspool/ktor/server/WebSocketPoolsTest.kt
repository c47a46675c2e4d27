package dev.wspool.ktor.server

import dev.wspool.Endpoint
import dev.wspool.WebSocketPool
import dev.wspool.ktor.cioClient
import dev.wspool.test.FakeConnector
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts
import io.ktor.client.request.get
import io.ktor.client.statement.bodyAsText
import io.ktor.server.application.install
import io.ktor.server.plugins.di.dependencies
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import io.ktor.server.testing.testApplication
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertSame
import kotlin.time.Duration.Companion.seconds

/** The plugin inside of an application: names, configuration, dependency injection. */
class WebSocketPoolsTest {
    private val echo = FakeConnector(autoConnect = true) { it.echoes() }
    private val endpoint = Endpoint("ws://user:s3cret@prices/v2?token=t0ken")

    @Test
    fun aCallBorrowsFromThePoolThatItNames() = testApplication {
        application {
            install(WebSocketPools) { pool("prices", echo, endpoint) { maxConnections = 16 } }
            prices()
            assertEquals(16, webSocketPool("prices").config.maxConnections)
            assertEquals("prices", webSocketPool("prices").name)
            assertEquals(setOf("prices"), webSocketPools.keys)
        }
        assertEquals("EURUSD", client.get("/price/EURUSD").bodyAsText())
    }

    @Test
    fun poolsStandOnAUrlAConnectorOrAClient() = ScriptedServer(Scripts.echo).use { server ->
        cioClient().use { client ->
            testApplication {
                application {
                    install(WebSocketPools) {
                        pool("url", server.url)
                        pool("connector", echo, endpoint)
                        pool("client", client, server.url)
                    }
                    routing { get("/{pool}") { call.respondText(call.webSocketPool(call.parameters["pool"]!!).echoed("hello")) } }
                }
                for (name in listOf("url", "connector", "client")) assertEquals("hello", this.client.get("/$name").bodyAsText())
            }
        }
    }

    @Test
    fun anUnknownNameListsThoseThereAre() = testApplication {
        application {
            val missing = assertFailsWith<IllegalStateException> { webSocketPool("prices") }
            assertEquals("There are no pools: install(WebSocketPools) comes first", missing.message)
            install(WebSocketPools) {
                pool("prices", echo, endpoint)
                pool("news", echo, endpoint)
            }
            val failure = assertFailsWith<IllegalArgumentException> { webSocketPool("price") }
            assertEquals("There is no pool \"price\"; there are: prices, news", failure.message)
        }
    }

    @Test
    fun aNameIsGivenOnce() = testApplication {
        application {
            val failure = assertFailsWith<IllegalArgumentException> {
                install(WebSocketPools) {
                    pool("prices", echo, endpoint)
                    pool("news", echo, endpoint)
                    pool("prices", "ws://other")
                }
            }
            assertEquals("There is a \"prices\" already; declared are: prices, news", failure.message)
        }
    }

    @Test
    fun theConfigurationDeclaresPoolsAndOverridesCode() = ScriptedServer(Scripts.echo).use { server ->
        configured("wspool.pools.news.url" to server.url, "wspool.pools.prices.maxConnections" to "64") {
            application {
                install(WebSocketPools) { pool("prices", echo, endpoint) { maxConnections = 16 } }
                assertEquals(64, webSocketPool("prices").config.maxConnections)
                routing { get("/news") { call.respondText(call.webSocketPool("news").echoed("hello")) } }
            }
            assertEquals("hello", client.get("/news").bodyAsText())
        }
    }

    @Test
    fun theUrlOfTheConfigurationCountsForAConnectorToo() = configured("wspool.pools.prices.url" to "ws://configured/v3") {
        application {
            install(WebSocketPools) { pool("prices", echo, Endpoint("ws://coded", mapOf("X" to "y"), listOf("v1"))) }
            assertEquals(Endpoint("ws://configured/v3", mapOf("X" to "y"), listOf("v1")), webSocketPool("prices").endpoint)
        }
    }

    @Test
    fun whatIsWrongEndsTheStartAndLeavesNoPoolOpen() = configured("wspool.pools.prices.maxConnections" to "0") {
        application {
            val refused = assertFailsWith<IllegalArgumentException> {
                install(WebSocketPools) {
                    pool("news", echo, endpoint) { minIdle = 1 }
                    pool("prices", echo, endpoint)
                }
            }
            assertEquals("wspool.pools.prices.maxConnections must be at least 1, not 0", refused.message)
            val homeless = assertFailsWith<IllegalArgumentException> { install(WebSocketPools) { pool("prices") } }
            assertEquals("wspool.pools.prices.url is missing, and the code gives no URL to \"prices\"", homeless.message)
        }
        startApplication()
        echo.awaitOpenConnections(0)
    }

    @Test
    fun ktorsDependencyInjectionKnowsThePools() = testApplication {
        application {
            install(WebSocketPools) {
                pool("prices", echo, endpoint)
                pool("news", echo, endpoint)
            }
            assertSame(webSocketPool("prices"), dependencies.resolve<WebSocketPool>("prices"))
            assertSame(webSocketPool("news"), dependencies.resolve<WebSocketPool>("news"))
        }
        startApplication()
    }

    @Test
    fun aPoolThatIsAloneNeedsNoNameToBeInjected() = testApplication {
        application {
            install(WebSocketPools) { pool("prices", echo, endpoint) }
            val injected: WebSocketPool by dependencies
            assertSame(webSocketPool("prices"), injected)
        }
        startApplication()
    }

    @Test
    fun settingsOfThePluginAreChecked() = testApplication {
        application {
            for ((name, set) in mapOf<String, WebSocketPoolsConfig.() -> Unit>(
                "drainTimeout" to { drainTimeout = -1.seconds },
                "warmUpTimeout" to { warmUpTimeout = -1.seconds },
                "retryAfter" to { retryAfter = -1.seconds },
            )) {
                val failure = assertFailsWith<IllegalArgumentException> { install(WebSocketPools, set) }
                assertEquals("$name must not be negative: -1s", failure.message)
            }
            val failure = assertFailsWith<IllegalArgumentException> { install(WebSocketPools) { pool("prices", "ws://a", warmUp = -1) } }
            assertEquals("warmUp of the pool prices must not be negative: -1", failure.message)
        }
        startApplication()
    }
}
