package dev.wspool.samples.devtools

import io.ktor.server.websocket.DefaultWebSocketServerSession
import io.ktor.websocket.CloseReason
import io.ktor.websocket.close
import io.ktor.websocket.send
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

@Timeout(60)
class SharedConnectionsTest {
    private val nothing = buildJsonObject { }

    @Test
    fun repliesThatCrossReachWhoAsked() {
        val waiting = ArrayList<JsonObject>()
        val browser = FakeDevTools { call ->
            waiting += call
            if (waiting.size == 8) waiting.reversed().forEach { answer(it, """{"was":"${it.text("method")}"}""") }
        }
        using(browser) { way ->
            val replies = (1..8).map { async { way.call("Method.$it", nothing).text("was") } }.awaitAll()
            assertEquals((1..8).map { "Method.$it" }, replies)
            way.finish()
            assertEquals(1, way.tally.connections)
            assertEquals(8, way.tally.calls)
        }
    }

    @Test
    fun callsOfAPageNameItsSessionBesideTheId() {
        val browser = FakeDevTools { call ->
            val session = call.text("sessionId")
            if (session == null) answer(call, """{"sessionId":"s1"}""") else answer(call, """{"keys":"${call.keys}","was":"$session"}""")
        }
        using(browser) { way ->
            val reply = way.withTab("t1") { it.call("Page.enable", nothing) }
            assertEquals("s1", reply.text("was"))
            assertEquals("[id, sessionId, method, params]", reply.text("keys"))
        }
    }

    @Test
    fun eventsAreNobodysReply() {
        val browser = FakeDevTools { call ->
            send("""{"method":"Target.attachedToTarget","params":{"sessionId":"s1"}}""")
            answer(call, """{"was":"it"}""")
        }
        using(browser) { assertEquals("it", it.call("A.b", nothing).text("was")) }
    }

    @Test
    fun replyOfMoreThanAMebibyteComes() {
        val browser = FakeDevTools { answer(it, """{"data":"${"x".repeat(3 shl 20)}"}""") }
        using(browser) { assertEquals(3 shl 20, it.call("Page.captureScreenshot", nothing).text("data")?.length) }
    }

    @Test
    fun errorNamesTheMethod() {
        val browser = FakeDevTools { send("""{"id":${it.text("id")},"error":{"code":-32601,"message":"'A.b' wasn't found"}}""") }
        using(browser) { assertEquals("A.b: 'A.b' wasn't found (-32601)", failureOf(it)) }
    }

    @Test
    fun missingReplyNamesTheMethodAndSparesTheConnection() {
        val browser = FakeDevTools { if (it.text("method") == "C.d") answer(it, "{}") }
        using(browser, timeout = 500.milliseconds) { way ->
            val message = failureOf(way)
            assertTrue(message.startsWith("A.b: No reply on Connection c1 to ${browser.url} within "), message)
            way.call("C.d", nothing)
            way.finish()
            assertEquals(1, way.tally.connections)
        }
    }

    @Test
    fun lostConnectionNamesTheMethod() {
        val browser = FakeDevTools { close(CloseReason(4000, "as you wish")) }
        using(browser) { way ->
            val message = failureOf(way)
            assertTrue(message.startsWith("A.b: Connection c1 to ${browser.url} was lost"), message)
            assertContains(message, "4000")
        }
    }

    private suspend fun failureOf(way: Way): String =
        assertFailsWith<DevToolsException> { way.call("A.b", nothing) }.message.orEmpty()

    private suspend fun DefaultWebSocketServerSession.answer(call: JsonObject, result: String) =
        send("""{"id":${call.text("id")},"result":$result}""")

    private fun using(
        browser: FakeDevTools,
        timeout: Duration = 20.seconds,
        test: suspend CoroutineScope.(Way) -> Unit,
    ) = browser.use { server ->
        runBlocking { SharedConnections(server.url, atOnce = 8, connections = 1, timeout).use { test(it) } }
    }
}
