package dev.wspool.graphql

import app.cash.turbine.test
import dev.wspool.ConnectFailedException
import dev.wspool.Message
import dev.wspool.PoolConfig
import dev.wspool.poolOf
import dev.wspool.test.FakeConnection
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.put
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith

/** Operations by graphql-transport-ws, on connections that are shared. */
class GraphQlTest {
    private val connector = FakeConnector(autoConnect = true) { peer ->
        peer.onSend = { if (it.type == "connection_init") peer.receives("""{"type":"connection_ack"}""") }
    }
    private val peer: FakeConnection get() = connector.connections.last()
    private val query = buildJsonObject { put("query", "subscription { prices }") }

    private fun TestScope.pool(configure: PoolConfig.Builder.() -> Unit = {}) = poolOf(connector) {
        maxConnections = 1
        leasesPerConnection = 10
        correlator = GraphQlCorrelator
        onConnect { initGraphQl(buildJsonObject { put("token", "t") }) }
        configure()
    }

    private val Message.json: JsonObject get() = Json.parseToJsonElement((this as Message.Text).text).jsonObject
    private val Message.type: String get() = (json.getValue("type") as JsonPrimitive).content

    /** Of the operation that was sent last. */
    private fun id() = peer.sent.last { it.type == "subscribe" }.json.getValue("id")

    private fun results(vararg texts: String): List<JsonElement> = texts.map(Json::parseToJsonElement)

    @Test
    fun subscriptionHasItsResultsUntilItIsComplete() = runTest {
        val pool = pool()
        pool.subscribe(query).test {
            runCurrent()
            assertEquals("""{"id":${id()},"type":"subscribe","payload":{"query":"subscription { prices }"}}""", "${peer.sent.last().json}")
            peer.receives("""{"id":${id()},"type":"next","payload":{"data":1}}""")
            peer.receives("""{"id":"another","type":"next","payload":{"data":0}}""")
            peer.receives("""{"id":${id()},"type":"next","payload":{"data":2}}""")
            peer.receives("""{"id":${id()},"type":"complete"}""")
            assertEquals(results("""{"data":1}""", """{"data":2}"""), List(2) { awaitItem() })
            awaitComplete()
        }
        runCurrent()
        assertEquals(listOf("connection_init", "subscribe"), peer.sent.map { it.type })
        assertEquals(1, pool.stats.idle)
    }

    @Test
    fun whoLeavesEarlyTellsTheServer() = runTest {
        val pool = pool()
        pool.subscribe(query).test {
            runCurrent()
            peer.receives("""{"id":${id()},"type":"next","payload":1}""")
            awaitItem()
            cancelAndIgnoreRemainingEvents()
        }
        runCurrent()
        assertEquals("""{"id":${id()},"type":"complete"}""", "${peer.sent.last().json}")
        assertEquals("1 idle, {}", "${pool.stats.idle} idle, ${pool.stats.destroyed}")
    }

    @Test
    fun eachCollectionAsksAnew() = runTest {
        connector.onConnection = { peer ->
            peer.onSend = {
                when (it.type) {
                    "connection_init" -> peer.receives("""{"type":"connection_ack"}""")
                    "subscribe" -> {
                        peer.receives("""{"id":${it.json["id"]},"type":"next","payload":${it.json["id"]}}""")
                        peer.receives("""{"id":${it.json["id"]},"type":"complete"}""")
                    }
                }
            }
        }
        val results = pool().subscribe(query)
        assertEquals(2, List(2) { results.toList().single() }.distinct().size)
    }

    @Test
    fun refusalIsTold() = runTest {
        pool().subscribe(query).test {
            runCurrent()
            peer.receives("""{"id":${id()},"type":"error","payload":[{"message":"No field prices"}]}""")
            val refusal = awaitError() as GraphQlException
            assertEquals("No field prices", refusal.message)
            assertEquals("""[{"message":"No field prices"}]""", refusal.errors.toString())
        }
    }

    @Test
    fun pingIsAnswered() = runTest {
        val pool = pool()
        val lease = pool.borrow()
        peer.receives("""{"type":"ping"}""")
        runCurrent()
        assertEquals("""{"type":"pong"}""", "${peer.sent.last().json}")
        peer.receives("""{"type":"ping"}""")
        runCurrent()
        assertEquals(listOf("connection_init", "pong", "pong"), peer.sent.map { it.type })
        lease.release()
        assertEquals(0, pool.stats.orphans)
    }

    @Test
    fun serverThatDoesNotAcknowledgeIsNoServerForUs() = runTest {
        connector.onConnection = { peer -> peer.onSend = { peer.receives("""{"type":"ka"}""") } }
        val report = pool().warmUp(1)
        val failure = report.failures.single()
        assertFailsWith<ConnectFailedException> { throw failure }
        assertEquals("Expected connection_ack, got another message", failure.cause!!.message)
    }
}
