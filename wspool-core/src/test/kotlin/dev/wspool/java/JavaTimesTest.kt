package dev.wspool.java

import dev.wspool.ConnectionId
import dev.wspool.ConnectionReport
import dev.wspool.FailureReport
import dev.wspool.LeaseReport
import dev.wspool.PoolEvent
import dev.wspool.RoundTripStats
import dev.wspool.TimeStats
import dev.wspool.WaiterReport
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlin.time.Duration.Companion.seconds
import java.time.Duration as JavaDuration

/** What Java reads of the spans of a report, of events and of statistics: the accessors of these have names that it cannot call. */
class JavaTimesTest {
    @Test
    fun eachSpanIsToBeHad() {
        val told = listOf(
            LeaseReport::class,
            WaiterReport::class,
            ConnectionReport::class,
            FailureReport::class,
            PoolEvent.LeaseLeaked::class,
            PoolEvent.LeakSuspected::class,
            PoolEvent.TimeJumped::class,
            RoundTripStats::class,
            TimeStats::class,
        )
        val spans = told.flatMapTo(sortedSetOf()) { type ->
            type.java.methods.mapNotNull { SPAN.matchEntire(it.name) }.map { "${it.groupValues[1].lowercase()} of ${type.simpleName}" }
        }
        val read = JavaTimes::class.java.methods.filter { it.parameterCount > 0 }
            .mapTo(HashSet()) { "${it.name.lowercase()} of ${it.parameterTypes[0].simpleName}" }
        assertEquals(setOf("mean of TimeStats"), spans - read, "but for what is total by count")
    }

    @Test
    fun theSpansOfAReportAndOfLeaksAreRead() {
        val connection = ConnectionReport("c1", ConnectionReport.State.Idle, age = 3.seconds, 1, since = 2.seconds, 1.seconds, null)
        assertEquals(JavaDuration.ofSeconds(3), JavaTimes.age(connection))
        assertEquals(JavaDuration.ofSeconds(2), JavaTimes.since(connection))
        assertEquals(JavaDuration.ofSeconds(1), JavaTimes.roundTrip(connection))
        assertNull(JavaTimes.roundTrip(ConnectionReport("c1", ConnectionReport.State.Idle, 3.seconds, 1, 2.seconds, null, null)))
        assertEquals(JavaDuration.ofSeconds(4), JavaTimes.waitedFor(WaiterReport(null, null, 4.seconds, null)))
        assertNull(JavaTimes.waitedFor(WaiterReport(null, null, null, null)))
        assertEquals(JavaDuration.ofSeconds(5), JavaTimes.ago(FailureReport(5.seconds, "refused")))
        assertEquals(JavaDuration.ofSeconds(6), JavaTimes.heldFor(PoolEvent.LeaseLeaked("prices", ID, null, null, 6.seconds)))
        assertEquals(JavaDuration.ofSeconds(7), JavaTimes.heldFor(PoolEvent.LeakSuspected("prices", ID, null, null, 7.seconds)))
    }

    private companion object {
        /** As the compiler mangles the name of a getter that returns a `Duration`, or maybe one. */
        val SPAN = Regex("get(.+)-(?:UwyO8pc|FghU774)")
        val ID = ConnectionId("c1")
    }
}
