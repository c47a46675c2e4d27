package dev.wspool.samples.loadtest

import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.io.TempDir
import java.io.File
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** The program against the server that it brings. */
@Timeout(60)
class EmbeddedServerTest {
    @TempDir
    lateinit var directory: File

    private val json get() = File(directory, "results.json")
    private val results get() = Results.fromJson(json.readText())

    @Test
    fun requestsOfAllRoundsAreAnswered() {
        val run = run("--rounds", "3", "--concurrency", "7", "--pool", "2", "--frames", "4")
        assertEquals(emptyList(), run.messages)
        assertEquals(0, run.status)
        assertContains(run.output, "  Successful: 21 (100.0%)")
        assertEquals("Connection pool closed", run.output.last())
        val requests = results.requests
        assertEquals(listOf(7, 7, 7), requests.rounds.map { it.ok })
        assertEquals(84, requests.frames)
        assertEquals(84 * 1_024L, requests.bytes)
        assertEquals(21, requests.latency!!.buckets.sumOf { it.count })
        assertEquals(21, results.pool.borrows)
    }

    /** What the server calls a connection is what is shown, and what counts its requests. */
    @Test
    fun connectionsAreCalledWhatTheServerCallsThem() {
        val run = run("--rounds", "2", "--concurrency", "6", "--pool", "3")
        val opened = results.initialization.opened
        opened.forEachIndexed { index, id -> assertContains(run.output, "  Connection $index: OK (connection_id=$id)") }
        assertTrue(opened.size == 3 && opened.all(Regex("[0-9a-f]{8}")::matches), "$opened")
        assertEquals(opened, results.requests.connections.map { it.id })
        assertEquals(12, results.requests.connections.sumOf { it.requests })
    }

    @Test
    fun keyCanGoInTheQuery() = assertEquals(0, run("--auth", "query", "--rounds", "1").status)

    @Test
    fun largeRequestsComeInFragments() {
        val input = File(directory, "audio.pcm").apply { writeBytes(ByteArray(300_000) { it.toByte() }) }
        assertEquals(0, run("--input", "$input", "--rounds", "1").status)
        assertEquals("300,000 bytes of binary from audio.pcm", results.settings.request)
    }

    @Test
    fun connectionsLiveForTheirSession() {
        assertEquals(0, run("--session-ttl", "300ms", "--rounds", "4", "--interval", "200ms").status)
        assertTrue("LifetimeReached" in results.pool.destroyed, "${results.pool}")
        assertTrue(results.requests.connections.any { it.closed == "LifetimeReached" }, "${results.requests.connections}")
    }

    /** Whatever befalls the server, nobody gets a reply of another, and all have theirs when it is well again. */
    @Test
    fun chaosIsSurvived() {
        val run = run("--chaos", "--rounds", "7", "--concurrency", "8", "--pool", "4", "--frame-interval", "20ms")
        assertEquals(0, run.status)
        assertEquals(listOf("killed", "paused", "slowed"), results.requests.chaos.map { it.fault })
        assertContains(run.output, "  [chaos] server killed")
        val rounds = results.requests.rounds
        assertTrue(rounds[1].failures.any { it.type == "ConnectionLostException" }, "the kill is seen: ${rounds[1]}")
        assertTrue(rounds[3].max!! >= results.requests.chaos[1].length, "the pause is seen: ${rounds[3]}")
        assertEquals(0, results.requests.wrong)
        assertEquals(8, rounds.last().ok)
    }

    @Test
    fun wrongKeyIsRefusedAndShownNowhere() {
        val run = Program("--api-key", "s3cret-key", "--auth", "query", "--json", "$json")
        val said = run.messages.single()
        assertTrue(said.endsWith("/requests refuses the handshake with status 401: see --api-key and --auth"), said)
        assertEquals(1, run.status)
        assertFalse((run.output + run.messages).any { "s3cret" in it })
        assertFalse(json.exists())
    }

    @Test
    fun keyIsShownNowhere() {
        for (auth in listOf("header", "query")) {
            val run = run("--auth", auth, "--api-key", RequestServer.KEY, "--chaos", "--rounds", "2")
            assertEquals(0, run.status)
            assertFalse((run.output + run.messages + json.readLines()).any { RequestServer.KEY in it })
        }
    }

    private fun run(vararg args: String) =
        Program("--interval", "1ms", "--frame-interval", "1ms", "--json", "$json", *args)
}
