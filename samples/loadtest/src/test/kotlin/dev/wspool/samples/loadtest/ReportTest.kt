package dev.wspool.samples.loadtest

import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.time.Duration

/** The texts, of given results: see [Sample]. */
class ReportTest {
    @Test
    fun aRunThatWentWell() = assertEquals(resource("well.txt"), Report(Sample.well).lines())

    @Test
    fun aRunWithChaosThatWasInterrupted() = assertEquals(resource("troubled.txt"), Report(Sample.troubled).lines())

    @Test
    fun beforeTheFirstRound() {
        val first = roundBegins(1, 10, Duration.ZERO, available = 3, pool = 3).lines()
        assertEquals(resource("banner.txt"), Sample.initialization.lines() + Sample.settings.banner() + first)
    }

    @Test
    fun anotherServersRepliesAreDescribed() {
        val other = Sample.settings.copy(frames = null, address = "ws://example.com")
        assertEquals("Reply: as many frames as the server sends before the last, which is marked", other.banner().reply())
        assertEquals("Reply: 2 messages", other.copy(replies = 2).banner().reply())
    }

    @Test
    fun connectionsThatCouldNotBeOpenedHaveAReason() {
        val refused = FailureCount("ConnectRefusedException", 2, "ws://x refused the connection")
        assertEquals(
            listOf(
                "  Connection 0: OK (connection_id=abc123)",
                "  2 FAILED",
                "    2 ConnectRefusedException, the first: ws://x refused the connection",
                "Pool initialized with 1/3 connections in 120.5ms",
            ),
            Sample.initialization.copy(opened = listOf("abc123"), failures = listOf(refused)).lines(),
        )
    }

    @Test
    fun failuresOfARoundHaveTheirCause() = assertEquals(
        listOf(
            "  Completed: 0 OK, 4 FAILED in 9400.0ms",
            "    3 ConnectionLostException, the first: Connection abc123 was lost: close code 1006",
            "    1 BorrowTimeoutException: No connection within 45s",
        ),
        Sample.troubled.requests.rounds.last().lines(),
    )

    @Test
    fun ofManyRoundsTheFirstAndTheLastAreShown() {
        val rounds = (1..100).map { Sample.well.requests.rounds.first().copy(round = it) }
        val lines = roundTable(rounds, emptyList()).drop(2)
        assertEquals((1..20).map { "$it" } + "..." + (81..100).map { "$it" }, lines.map { it.trim().substringBefore(' ') })
        assertEquals("  ... 60 more ...", lines[20])
    }

    @Test
    fun ofManyConnectionsTheBusiestAreShown() {
        val connections = (1..42).map { Sample.well.requests.connections.first().copy(id = "c$it", requests = it) }
        val lines = ConnectionLines(connections, requests = 903)
        assertEquals("  c42: 42 requests (4.7%)", lines.lines()[2])
        assertEquals("  2 others: 3 requests (0.3%)", lines.lines().last())
        assertEquals("  2 other connections: 3 requests", lines.ages().last())
    }

    private fun List<String>.reply() = single { it.startsWith("Reply") }

    private fun resource(name: String) = javaClass.getResource(name)!!.readText().removeSuffix("\n").split("\n")
}
