package dev.wspool.samples.loadtest

import io.ktor.websocket.Frame
import io.ktor.websocket.send
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.util.zip.CRC32
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** The program against servers of others: such as it can do with, and such as break its protocol. */
@Timeout(60)
class ForeignServerTest {
    @TempDir
    lateinit var directory: File

    private val json get() = File(directory, "results.json")
    private val results get() = Results.fromJson(json.readText())

    @Test
    fun repliesOfAnyServerCanBeCounted() = ForeignServer(greeting = null) { send(it.copy()) }.use { echo ->
        val run = run(echo, "--replies", "1")
        assertEquals(0, run.status)
        assertContains(run.output, "Server: ${echo.url}")
        assertEquals(6, results.requests.ok)
        assertEquals(6 * 4_096L, results.requests.bytes)
        assertEquals(listOf("c1"), results.initialization.opened)
    }

    @Test
    fun secretsAreShownNowhere() = ForeignServer(greeting = null) { send(it.copy()) }.use { echo ->
        val url = echo.url.replace("127.0.0.1", "user:s3cret@127.0.0.1") + "?token=s3cret"
        for (auth in listOf("header", "query")) {
            val run = run(echo, "--url", url, "--replies", "1", "--auth", auth, "--api-key", "s3cret")
            assertEquals(0, run.status)
            assertContains(run.output, "Server: ${echo.url}")
            assertFalse((run.output + run.messages + json.readLines()).any { "s3cret" in it })
        }
    }

    @Test
    fun serverMayGreetAndMarkTheLastFrame() = ForeignServer("""{"connection_id":"eu-1","region":"eu"}""") {
        send(Frame.Binary(true, ByteArray(10)))
        send("""{"frames":1,"crc32":"${crc32(it)}"}""")
    }.use { server ->
        assertEquals(0, run(server).status)
        assertEquals(listOf("eu-1"), results.initialization.opened)
        assertEquals(listOf(6), results.requests.connections.map { it.requests })
    }

    @Test
    fun replyToAnotherRequestIsWrong() = ForeignServer(GREETING) { send("""{"frames":0,"crc32":"00000000"}""") }.use { server ->
        val run = run(server)
        assertEquals(1, run.status)
        assertEquals(6, results.requests.wrong)
        val failure = results.requests.failures.single()
        assertEquals("WrongReplyException", failure.type)
        assertTrue(failure.first.startsWith("the reply is to another request: crc32 00000000, not "), failure.first)
    }

    @Test
    fun replyThatLacksFramesIsWrong() = ForeignServer(GREETING) { send("""{"frames":2,"crc32":"${crc32(it)}"}""") }.use { server ->
        assertEquals(1, run(server).status)
        assertEquals("the reply has 0 frames, and should have 2", results.requests.failures.single().first)
    }

    @Test
    fun textThatIsNoEndIsWrong() = ForeignServer(GREETING) { send("hello") }.use { server ->
        assertEquals(1, run(server).status)
        val said = """a text in a reply must be its end, {"frames": …, "crc32": …}, and is not"""
        assertEquals(said, results.requests.failures.single().first)
    }

    @Test
    fun serverThatDoesNotAnswerFailsItsRequestsInTime() = ForeignServer(GREETING) { }.use { server ->
        val run = run(server, "--request-timeout", "100ms")
        assertEquals(1, run.status)
        assertEquals(6, results.requests.failed)
        assertTrue(results.requests.failures.any { it.type == "ReceiveTimeoutException" }, "${results.requests.failures}")
        assertContains(run.output, "  Failed: 6 (100.0%)")
    }

    @Test
    fun serverThatGreetsOtherwiseIsNamed() = ForeignServer("welcome") { }.use { server ->
        val run = run(server)
        assertEquals(1, run.status)
        assertContains(run.messages.single(), "loadtest: onConnect for ${server.url} failed: dev.wspool.MalformedMessageException: ")
    }

    /** What a server calls a connection is shown, and must not be able to steer the terminal. */
    @Test
    fun nameOfAConnectionIsOneLine() = ForeignServer("""{"connection_id":"a\u001b[2J\nb"}""") {
        send("""{"frames":0,"crc32":"${crc32(it)}"}""")
    }.use { server ->
        val run = run(server)
        assertEquals(0, run.status)
        assertContains(run.output, "  Connection 0: OK (connection_id=a [2J b)")
        assertEquals(6, results.requests.connections.single().requests)
    }

    private fun run(server: ForeignServer, vararg args: String) = Program(
        "--url", server.url, "--pool", "1", "--rounds", "2", "--concurrency", "3", "--interval", "1ms", "--json", "$json", *args,
    )

    private fun crc32(request: Frame): String = CRC32().apply { update(request.data) }.text()

    private companion object {
        const val GREETING = """{"connection_id":"one"}"""
    }
}
