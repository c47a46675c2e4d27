package dev.wspool.ktor.server

import dev.wspool.Endpoint
import dev.wspool.PoolHealth
import dev.wspool.test.FakeConnector
import io.ktor.client.request.get
import io.ktor.client.statement.bodyAsText
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.Application
import io.ktor.server.application.install
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import io.ktor.server.testing.ApplicationTestBuilder
import io.ktor.server.testing.testApplication
import kotlinx.serialization.json.Json
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNull

/** When an application with pools is ready, and what it tells of them. */
class ReadinessTest {
    private val echo = FakeConnector(autoConnect = true) { it.echoes() }
    private val silent = FakeConnector()
    private val endpoint = Endpoint("ws://user:s3cret@prices/v2?token=t0ken")

    @Test
    fun theStatusNeedsNoList() = testApplication {
        application {
            install(WebSocketPools) {
                pool("prices", echo, endpoint)
                pool("news", echo, endpoint)
            }
            routing { webSocketPoolStatus() }
        }
        assertEquals(mapOf("prices" to PoolHealth.Status.Up, "news" to PoolHealth.Status.Up), health().mapValues { it.value.status })
        val reports = client.get("/pools").bodyAsText()
        for (name in listOf("prices", "news")) assertEquals(true, "\"pool\":\"$name\"" in reports, reports)
        assertFalse("s3cret" in reports || "t0ken" in reports, reports)
    }

    @Test
    fun theStatusOfNothingIsRefused() = testApplication {
        application {
            routing {
                val failure = assertFailsWith<IllegalStateException> { webSocketPoolStatus() }
                assertEquals("There are no pools: install(WebSocketPools) comes first", failure.message)
            }
        }
        startApplication()
    }

    @Test
    fun anApplicationIsReadyWhenItsPoolsAreWarm() = testApplication {
        lateinit var running: Application
        application {
            running = this
            install(WebSocketPools) { pool("prices", silent, endpoint, warmUp = 2) }
            routing { webSocketPoolStatus() }
        }
        startApplication()
        val first = silent.awaitConnect()
        silent.awaitConnect()
        val warming = health(HttpStatusCode.ServiceUnavailable).getValue("prices")
        assertEquals("Down: The pool is being warmed up: 0 of 2.", "$warming")
        first.succeed()
        silent.awaitOpenConnections(1)
        assertEquals(HttpStatusCode.ServiceUnavailable, client.get("/pools/health").status)
        assertNull(silent.tryConnect())
        running.webSocketPool("prices").close() // ends the second dial, and with it the warm-up
        running.awaitWebSocketPools()
        assertEquals(listOf("The pool is closed."), health(HttpStatusCode.ServiceUnavailable).getValue("prices").reasons)
    }

    @Test
    fun theEngineWaitsForWarmPoolsWhereAModuleDoes() = testApplication {
        application {
            install(WebSocketPools) { pool("prices", echo, endpoint, warmUp = 3) }
            awaitWebSocketPools()
            assertEquals(3, webSocketPool("prices").stats.idle)
            routing { webSocketPoolStatus() }
        }
        assertEquals(PoolHealth.Status.Up, health().getValue("prices").status)
    }

    @Test
    fun warmingUpHasADeadline() = configured("wspool.warmUpTimeout" to "10ms", "wspool.pools.prices.warmUp" to "1") {
        application {
            install(WebSocketPools) { pool("prices", silent, endpoint) }
            awaitWebSocketPools()
            assertEquals(1, webSocketPool("prices").stats.connecting)
        }
        startApplication()
    }

    private suspend fun ApplicationTestBuilder.health(status: HttpStatusCode = HttpStatusCode.OK): Map<String, PoolHealth> {
        val answer = client.get("/pools/health")
        assertEquals(status, answer.status)
        return Json.decodeFromString(answer.bodyAsText())
    }
}
