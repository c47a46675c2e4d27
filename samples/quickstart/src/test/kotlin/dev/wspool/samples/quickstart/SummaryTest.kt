package dev.wspool.samples.quickstart

import dev.wspool.ConnectionId
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

class SummaryTest {
    private val summary = Summary()
    private val line = Line(1, "x", "", 2)

    @Test
    fun linesAreThoseSentAndThoseFailed() {
        repeat(3) { reply() }
        summary.add(Failure(line, "lost"))
        assertEquals(listOf(4L, 3L, 1L), listOf(summary.lines, summary.sent, summary.failed))
    }

    @Test
    fun latencyIsThatOfTheRepliesAlone() {
        for (time in 1..100) reply(time = time.milliseconds)
        summary.add(Failure(line, "no reply within 5s"))
        mapOf(50.0 to 50, 95.0 to 95, 99.0 to 99, 100.0 to 100).forEach { (percent, expected) ->
            val latency = summary.latency(percent)
            assertTrue((latency - expected.milliseconds).absoluteValue < 0.2.milliseconds, "p$percent $latency")
        }
    }

    @Test
    fun repliesAreCountedByConnectionWithinBounds() {
        for (connection in 1..1_000) reply(connection = "c$connection")
        reply(connection = "c1")
        assertEquals(2, summary.repliesByConnection[ConnectionId("c1")])
        assertEquals(summary.sent, summary.repliesByConnection.values.sum() + summary.repliesOfOthers)
        assertTrue(summary.repliesByConnection.size < 100)
    }

    private fun reply(connection: String = "c1", time: Duration = 1.milliseconds) =
        summary.add(Reply(line, "x", ConnectionId(connection), time))
}
