package dev.wspool.ktor.server

import dev.wspool.Balancer
import dev.wspool.Discovery
import dev.wspool.Endpoint
import dev.wspool.KeyedPoolGroup
import dev.wspool.PoolGroup
import dev.wspool.test.FakeConnector
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts
import dev.wspool.withConnection
import io.ktor.client.request.get
import io.ktor.client.statement.bodyAsText
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.install
import io.ktor.server.plugins.di.dependencies
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import io.ktor.server.testing.testApplication
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.job
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertSame
import kotlin.time.Duration

/** Groups inside of an application: names, configuration, dependency injection. */
class PoolGroupsTest {
    private val echo = FakeConnector(autoConnect = true) { it.echoes() }
    private val silent = FakeConnector()
    private val fleet = Discovery.fixed(Endpoint("ws://a/v2"), Endpoint("ws://b/v2"))
    private val tenant = { tenant: String -> Endpoint("ws://$tenant/v2") }

    private suspend fun PoolGroup.echoed(text: String): String = withConnection {
        send(text)
        receiveText()
    }

    @Test
    fun aCallBorrowsFromTheGroupThatItNames() = ScriptedServer(Scripts.echo).use { one ->
        ScriptedServer(Scripts.echo).use { other ->
            testApplication {
                application {
                    install(WebSocketPools) {
                        group("fleet", one.url, other.url) {
                            balancer = Balancer.RoundRobin
                            pools { minIdle = 1 }
                        }
                    }
                    routing { get("/{text}") { call.respondText(call.webSocketPoolGroup("fleet").echoed(call.parameters["text"]!!)) } }
                    assertEquals(setOf("fleet"), webSocketPoolGroups.keys)
                    assertEquals("fleet", webSocketPoolGroup("fleet").name)
                }
                startApplication()
                one.awaitOpen(1)
                other.awaitOpen(1)
                for (text in listOf("a", "b", "c")) assertEquals(text, client.get("/$text").bodyAsText())
            }
        }
        one.awaitNoneOpen()
    }

    @Test
    fun aKeyedGroupLendsByKey() = testApplication {
        application {
            install(WebSocketPools) { keyedGroup("tenants", echo, tenant) { maxPools = 2 } }
            assertEquals(2, webSocketPoolGroups.getValue("tenants").config.maxPools)
            routing {
                get("/{tenant}") {
                    call.respondText(
                        call.webSocketKeyedPoolGroup<String>("tenants").withConnection(call.parameters["tenant"]!!) {
                            send("hello")
                            receiveText()
                        },
                    )
                }
            }
        }
        assertEquals("hello", client.get("/acme").bodyAsText())
        assertEquals("acme", echo.dials.single().endpoint.host)
    }

    @Test
    fun endpointsComeAndGoAsTheDiscoverySays() = testApplication {
        val found = MutableStateFlow(setOf(Endpoint("ws://a")))
        application {
            install(WebSocketPools) { group("fleet", echo, Discovery.of(found)) { pools { minIdle = 1 } } }
            echo.awaitOpenConnections(1)
            found.value = setOf(Endpoint("ws://a"), Endpoint("ws://b"), Endpoint("ws://c"))
            echo.awaitOpenConnections(3)
            assertEquals(setOf("a", "b", "c"), echo.dials.map { it.endpoint.host }.toSet())
            found.value = setOf(Endpoint("ws://b"))
            echo.awaitOpenConnections(1)
        }
        startApplication()
    }

    @Test
    fun anUnknownNameListsThoseThereAre() = testApplication {
        application {
            val missing = assertFailsWith<IllegalStateException> { webSocketPoolGroup("fleet") }
            assertEquals("There are no pools: install(WebSocketPools) comes first", missing.message)
            install(WebSocketPools) {
                pool("prices", echo, Endpoint("ws://prices"))
                group("fleet", echo, fleet)
                group("other", echo, fleet)
                keyedGroup("tenants", echo, tenant)
            }
            fun refusal(ask: () -> Unit) = assertFailsWith<IllegalArgumentException> { ask() }.message
            assertEquals("There is no group \"flee\"; there are: fleet, other", refusal { webSocketPoolGroup("flee") })
            assertEquals("There is no pool \"fleet\"; there is: prices; \"fleet\" is a group", refusal { webSocketPool("fleet") })
            assertEquals(
                "There is no group \"tenants\"; there are: fleet, other; \"tenants\" is a keyed group",
                refusal { webSocketPoolGroup("tenants") },
            )
            assertEquals(
                "There is no keyed group \"prices\"; there is: tenants; \"prices\" is a pool",
                refusal { webSocketKeyedPoolGroup<String>("prices") },
            )
            assertEquals(
                "The keyed group \"tenants\" is a dev.wspool.KeyedPoolGroup<kotlin.String>, not a dev.wspool.KeyedPoolGroup<kotlin.Int>",
                refusal { webSocketKeyedPoolGroup<Int>("tenants") },
            )
            assertEquals(setOf("prices"), webSocketPools.keys)
            assertEquals(listOf("fleet", "other", "tenants"), webSocketPoolGroups.keys.toList())
        }
        startApplication()
    }

    @Test
    fun aNameIsGivenOnceToPoolsAndGroups() = testApplication {
        application {
            for (second in listOf<WebSocketPoolsConfig.() -> Unit>(
                { pool("prices", echo, Endpoint("ws://prices")) },
                { group("prices", echo, fleet) },
                { keyedGroup("prices", echo, tenant) },
            )) {
                val failure = assertFailsWith<IllegalArgumentException> {
                    install(WebSocketPools) {
                        group("prices", echo, fleet)
                        second()
                    }
                }
                assertEquals("There is a \"prices\" already; declared are: prices", failure.message)
            }
        }
        startApplication()
    }

    @Test
    fun theConfigurationDeclaresGroupsAndOverridesCode() = ScriptedServer(Scripts.echo).use { server ->
        configured(
            "wspool.groups.news.urls" to server.url,
            "wspool.groups.fleet.maxConnections" to "64",
            "wspool.groups.fleet.pools.minIdle" to "2",
        ) {
            application {
                install(WebSocketPools) { group("fleet", echo, fleet) { maxConnections = 16 } }
                assertEquals(64, webSocketPoolGroup("fleet").config.maxConnections)
                echo.awaitOpenConnections(4)
                routing { get("/news") { call.respondText(call.webSocketPoolGroup("news").echoed("hello")) } }
            }
            assertEquals("hello", client.get("/news").bodyAsText())
        }
    }

    @Test
    fun theAddressesOfANameAreFoundAsTheConfigurationSays() = ScriptedServer(Scripts.echo).use { server ->
        configured(
            "wspool.groups.found.urls" to server.url.replace("127.0.0.1", "localhost"),
            "wspool.groups.found.discovery" to "dns",
        ) {
            application {
                install(WebSocketPools)
                routing { get("/") { call.respondText(call.webSocketPoolGroup("found").echoed("hello")) } }
            }
            assertEquals("hello", client.get("/").bodyAsText())
        }
    }

    @Test
    fun aGroupIsAChildOfTheApplicationUnlessCodeSaysOtherwise() = testApplication {
        application {
            val own = CoroutineScope(Job())
            val none = Discovery.of(MutableStateFlow(emptySet())) // as the pool of each endpoint is a child too
            dependencies // has jobs of its own
            val before = coroutineContext.job.children.toSet()
            install(WebSocketPools) {
                group("fleet", echo, none)
                keyedGroup("tenants", echo, tenant)
                group("mine", echo, none) { pools { parent = own } }
            }
            assertEquals(2, (coroutineContext.job.children.toSet() - before).size)
            assertEquals(1, own.coroutineContext.job.children.count())
        }
        startApplication()
    }

    @Test
    fun whatIsWrongEndsTheStartAndLeavesNothingOpen() {
        for ((key, message) in mapOf(
            "wspool.groups.fleet.maxConnections=0" to "wspool.groups.fleet.maxConnections must be at least 1, not 0",
            "wspool.groups.tenants.urls=ws://a" to "wspool.groups.tenants.urls cannot be set here: the code tells the endpoint of each key",
            "wspool.groups.prices.urls=ws://a" to "wspool.groups.prices is of a pool: its settings stand in wspool.pools.prices",
            "wspool.pools.fleet.url=ws://a" to "wspool.pools.fleet is of a group: its settings stand in wspool.groups.fleet",
        )) {
            configured(key.substringBefore('=') to key.substringAfter('=')) {
                application {
                    val refused = assertFailsWith<IllegalArgumentException> {
                        install(WebSocketPools) {
                            group("news", echo, fleet) { pools { minIdle = 1 } }
                            pool("prices", echo, Endpoint("ws://prices"))
                            group("fleet", echo, fleet)
                            keyedGroup("tenants", echo, tenant)
                        }
                    }
                    assertEquals(message, refused.message)
                }
                startApplication()
                echo.awaitOpenConnections(0)
            }
        }
    }

    @Test
    fun ktorsDependencyInjectionKnowsTheGroups() = testApplication {
        application {
            install(WebSocketPools) {
                group("fleet", echo, fleet)
                keyedGroup("tenants", echo, tenant)
                keyedGroup("users", echo, { user: Int -> Endpoint("ws://u$user") })
            }
            assertSame(webSocketPoolGroup("fleet"), dependencies.resolve<PoolGroup>("fleet"))
            assertSame(webSocketPoolGroup("fleet"), dependencies.resolve<PoolGroup>())
            assertSame(webSocketKeyedPoolGroup<String>("tenants"), dependencies.resolve<KeyedPoolGroup<String>>("tenants"))
            assertSame(webSocketKeyedPoolGroup<Int>("users"), dependencies.resolve<KeyedPoolGroup<Int>>())
        }
        startApplication()
    }

    @Test
    fun whoFindsNoConnectionInTimeIsToldToTryAgain() = testApplication {
        application {
            install(WebSocketPools) { group("fleet", silent, fleet) { borrowTimeout = Duration.ZERO } }
            routing { get("/") { call.respondText(call.webSocketPoolGroup("fleet").echoed("hello")) } }
        }
        assertEquals(HttpStatusCode.ServiceUnavailable, client.get("/").status)
    }
}
