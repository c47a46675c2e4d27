package dev.wspool.ktor.server

import dev.wspool.Discovery
import dev.wspool.Endpoint
import dev.wspool.PoolGroup
import dev.wspool.PoolHealth
import dev.wspool.PoolReport
import dev.wspool.test.FakeConnector
import io.ktor.client.request.get
import io.ktor.client.request.header
import io.ktor.client.statement.bodyAsText
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.install
import io.ktor.server.routing.routing
import io.ktor.server.testing.ApplicationTestBuilder
import io.ktor.server.testing.testApplication
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.serialization.json.Json
import org.junit.jupiter.api.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** What the routes tell of groups. */
class GroupStatusTest {
    private val echo = FakeConnector(autoConnect = true) { it.echoes() }
    private val found = MutableStateFlow(setOf(Endpoint("ws://a/v2?token=t0ken"), Endpoint("ws://b/v2")))

    @Test
    fun aGroupIsSeenAsItselfAndByEachOfItsPools() = testApplication {
        application {
            install(WebSocketPools) {
                pool("prices", echo, Endpoint("ws://prices"))
                group("fleet", echo, Discovery.of(found))
            }
            routing { webSocketPoolStatus() }
        }
        val reports = Json.decodeFromString<List<PoolReport>>(client.get("/pools").bodyAsText())
        assertEquals(listOf("prices", "ws://a/v2", "ws://b/v2"), reports.map { it.pool })
        val text = client.get("/pools") { header("Accept", "text/plain") }.bodyAsText()
        assertContains(text, "Group fleet is Up\n0 of 100 connections to 2 endpoints")
        assertContains(text, "Pool ws://b/v2")
        assertFalse("t0ken" in text, text)
        assertEquals(setOf("prices", "fleet"), health(HttpStatusCode.OK).keys)
    }

    @Test
    fun anApplicationIsNotReadyWhileAGroupHasNoEndpoint() = testApplication {
        found.value = emptySet()
        application {
            install(WebSocketPools) { group("fleet", echo, Discovery.of(found)) }
            routing { webSocketPoolStatus() }
        }
        assertEquals(listOf("The group has no endpoint."), health(HttpStatusCode.ServiceUnavailable).getValue("fleet").reasons)
    }

    @Test
    fun anApplicationIsReadyBeforeItsKeyedGroupIsAskedForAnyKey() = testApplication {
        application {
            install(WebSocketPools) { keyedGroup("tenants", echo, { tenant: String -> Endpoint("ws://$tenant") }) }
            routing { webSocketPoolStatus() }
        }
        assertEquals(PoolHealth.Status.Up, health(HttpStatusCode.OK).getValue("tenants").status)
    }

    @Test
    fun groupsMayBeGivenBesidePools() = testApplication {
        val group = PoolGroup(echo, Discovery.of(found)) { name = "mine" }
        application { routing { webSocketPoolStatus(groups = { listOf(group, group) }) { emptyList() } } }
        assertEquals(setOf("mine", "mine #2"), health(HttpStatusCode.OK).keys)
        group.close()
        assertTrue(health(HttpStatusCode.ServiceUnavailable).values.all { it.reasons == listOf("The group is closed.") })
    }

    private suspend fun ApplicationTestBuilder.health(status: HttpStatusCode): Map<String, PoolHealth> {
        val answer = client.get("/pools/health")
        assertEquals(status, answer.status)
        return Json.decodeFromString(answer.bodyAsText())
    }
}
