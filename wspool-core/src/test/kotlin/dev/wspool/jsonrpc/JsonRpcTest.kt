package dev.wspool.jsonrpc

import app.cash.turbine.test
import dev.wspool.ConnectionLostException
import dev.wspool.Correlator
import dev.wspool.Message
import dev.wspool.RequestTimeoutException
import dev.wspool.poolOf
import dev.wspool.test.FakeConnection
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonArray
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.put
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNull
import kotlin.time.Duration.Companion.seconds

/** Calls by JSON-RPC 2.0, on connections that are shared. */
class JsonRpcTest {
    private val connector = FakeConnector(autoConnect = true)
    private val peer: FakeConnection get() = connector.connections.last()

    private fun TestScope.pool() = poolOf(connector) {
        maxConnections = 1
        leasesPerConnection = 100
        correlator = JsonRpcCorrelator
    }

    /** The [number]th call that was sent. */
    private fun call(number: Int) = Json.parseToJsonElement((peer.sent[number] as Message.Text).text).jsonObject

    private fun idOf(number: Int) = call(number).getValue("id").jsonPrimitive.content

    @Test
    fun callIsWrittenAsTheStandardSays() = runTest {
        val pool = pool()
        val result = async { pool.call("subtract", buildJsonArray { repeat(2) { add(JsonPrimitive(it)) } }) }
        runCurrent()
        val id = idOf(0)
        assertEquals("""{"id":$id,"jsonrpc":"2.0","method":"subtract","params":[0,1]}""", call(0).toString())
        peer.receives("""{"jsonrpc":"2.0","result":19,"id":$id}""")
        assertEquals(JsonPrimitive(19), result.await())
    }

    @Test
    fun answersComeInAnyOrder() = runTest {
        val pool = pool()
        val results = List(50) { number -> async { pool.call("echo", buildJsonArray { add(JsonPrimitive(number)) }) } }
        runCurrent()
        for (number in (0 until 50).shuffled()) {
            peer.receives("""{"id":${idOf(number)},"result":${call(number)["params"].toString().trim('[', ']')}}""")
        }
        assertEquals(List(50) { JsonPrimitive(it) }, results.map { it.await() })
        assertEquals(1, pool.stats.created)
    }

    @Test
    fun errorOfTheServerIsTold() = runTest {
        val pool = pool()
        val failure = async { runCatching { pool.call("foobar") }.exceptionOrNull() as JsonRpcException }
        runCurrent()
        peer.receives("""{"id":${idOf(0)},"error":{"code":-32601,"message":"Method not found","data":["foobar"]}}""")
        assertEquals("-32601 Method not found [\"foobar\"]", failure.await().run { "$code $message $data" })
        runCurrent()
        assertEquals(1, pool.stats.idle, "the connection is well")
    }

    @Test
    fun errorOfAnotherFormIsAnErrorToo() = runTest {
        val pool = pool()
        val failure = async { runCatching { pool.call("foobar") }.exceptionOrNull() as JsonRpcException }
        runCurrent()
        peer.receives("""{"id":${idOf(0)},"error":"no such method"}""")
        assertEquals("0 \"no such method\"", failure.await().run { "$code $message" })
    }

    @Test
    fun envelopeIsWhatTheProtocolWants() = runTest {
        val pool = pool()
        val result = async { pool.call("Page.enable", envelope = buildJsonObject { put("sessionId", "7F") }) }
        runCurrent()
        assertEquals("""{"id":${idOf(0)},"sessionId":"7F","method":"Page.enable"}""", call(0).toString())
        peer.receives("""{"id":${idOf(0)},"result":{}}""")
        assertEquals(JsonObject(emptyMap()), result.await())
    }

    @Test
    fun resultMayBeNothing() = runTest {
        val pool = pool()
        val result = async { pool.call("log") }
        runCurrent()
        peer.receives("""{"id":${idOf(0)},"result":null}""")
        assertEquals(JsonNull, result.await())
    }

    @Test
    fun lateResultIsNobodys() = runTest {
        val pool = pool()
        assertFailsWith<RequestTimeoutException> { pool.call("slow", timeout = 1.seconds) }
        val next = async { pool.call("fast") }
        runCurrent()
        peer.receives("""{"id":${idOf(0)},"result":"late"}""")
        peer.receives("""{"id":${idOf(1)},"result":"in time"}""")
        assertEquals(JsonPrimitive("in time"), next.await())
        assertEquals("1 orphans, 1 created", "${pool.stats.orphans} orphans, ${pool.stats.created} created")
    }

    @Test
    fun whatIsNoJsonEndsTheConnectionAndShowsNothingOfIt() = runTest {
        val pool = pool()
        val failure = async { runCatching { pool.call("login") }.exceptionOrNull() }
        runCurrent()
        peer.receives("""token=7f3a"""")
        val lost = failure.await() as ConnectionLostException
        assertEquals("A message of 11 characters is no JSON", lost.cause!!.message)
    }

    @Test
    fun correlatorTellsWhatIsWhat() {
        fun sent(text: String) = JsonRpcCorrelator.requestId(Message.Text(text))
        fun reply(text: String): Correlator.Reply? = JsonRpcCorrelator.replyTo(Message.Text(text))
        assertEquals(JsonPrimitive(7), sent("""{"id":7,"method":"m"}"""))
        assertEquals(JsonPrimitive("7"), sent("""{"id":"7","method":"m"}"""))
        assertNull(sent("""{"method":"note"}"""))
        assertNull(sent("""{"id":7,"result":1}"""), "our reply to the server")
        assertEquals(JsonPrimitive(7), reply("""{"id":7,"result":1}""")!!.requestId)
        assertNull(reply("""{"id":7,"method":"m"}"""), "the server's request")
        assertNull(reply("""{"id":null,"error":{}}"""))
        val batch = assertFailsWith<IllegalArgumentException> { sent("[]") }
        assertEquals("A batch cannot be sent on a connection with JsonRpcCorrelator: send its calls one by one", batch.message)
        assertEquals("A message is a JSON value, not an object", assertFailsWith<IllegalArgumentException> { reply("1") }.message)
        assertEquals(JsonPrimitive(7), JsonRpcCorrelator.replyTo(Message.Binary("""{"id":7}""".encodeToByteArray()))!!.requestId)
    }

    @Test
    fun callsOfALeaseAreItsOwn() = runTest {
        val pool = pool()
        val results = flow {
            val lease = pool.borrow()
            emit(lease.call("first"))
            emit(lease.call("second"))
            lease.release()
        }
        results.test {
            runCurrent()
            peer.receives("""{"id":${idOf(0)},"result":1}""")
            assertEquals(JsonPrimitive(1), awaitItem())
            runCurrent()
            peer.receives("""{"id":${idOf(1)},"result":2}""")
            assertEquals(JsonPrimitive(2), awaitItem())
            awaitComplete()
        }
    }
}
