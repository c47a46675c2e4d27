package dev.wspool.samples.loadtest

import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.io.TempDir
import java.io.File
import kotlin.test.assertEquals
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

@Timeout(60)
class EnvironmentTest {
    @TempDir
    lateinit var directory: File

    private val json get() = File(directory, "results.json")
    private val input get() = File(directory, "request.txt")

    private fun environment() = mapOf(
        "POOL" to "2",
        "ROUNDS" to "2",
        "CONCURRENCY" to "3",
        "INTERVAL" to "10ms",
        "REQUEST_TIMEOUT" to "7s",
        "SESSION_TTL" to "3m",
        "INPUT" to "$input",
        "AUTH" to "query",
        "API_KEY" to RequestServer.KEY,
        "FRAMES" to "4",
        "FRAME_INTERVAL" to "0s",
        "CHAOS" to "true",
        "JSON" to "$json",
    ).mapKeys { "WSPOOL_LOADTEST_${it.key}" }

    @Test
    fun eachOptionCanBeGivenByTheEnvironment() {
        input.writeText("grüezi")
        assertEquals(0, Program(environment = environment()).status)
        val expected = Settings(
            pool = 2, rounds = 2, concurrency = 3, interval = 10.milliseconds, requestTimeout = 7.seconds, sessionTtl = 3.minutes,
            address = null, auth = "query", frames = 4, frameInterval = 0.seconds, replies = null,
            request = "7 bytes of text from request.txt", chaos = true,
        )
        assertEquals(expected, Results.fromJson(json.readText()).settings)
    }

    @Test
    fun urlAndRepliesToo() {
        val environment = mapOf("WSPOOL_LOADTEST_URL" to "ws://127.0.0.1:1/x", "WSPOOL_LOADTEST_REPLIES" to "1")
        val run = Program(environment = environment)
        assertEquals(listOf("loadtest: ws://127.0.0.1:1/x refused the connection"), run.messages)
        assertEquals(1, run.status)
    }

    @Test
    fun argumentWinsOverTheEnvironment() {
        input.writeText("x")
        assertEquals(0, Program("--rounds", "1", "--json", "$directory/mine.json", environment = environment()).status)
        assertEquals(1, Results.fromJson(File(directory, "mine.json").readText()).settings.rounds)
    }

    @Test
    fun wrongValueNamesItsVariable() = Program(environment = mapOf("WSPOOL_LOADTEST_POOL" to "many"))
        .assertRefused(2, "invalid value for WSPOOL_LOADTEST_POOL: many is not a valid integer (try --help)")
}
