package dev.wspool.samples.dashboard

import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

class LatencyTest {
    private val latency = Latency()

    @Test
    fun percentilesAreThoseOfTheLastFourIntervals() {
        repeat(98) { latency.record(2.milliseconds) }
        latency.record(1.seconds)
        latency.record(1.seconds)
        repeat(4) {
            val borrows = latency.next()
            assertEquals(2.0, borrows.p50!!, 0.02)
            assertEquals(1000.0, borrows.p99!!, 10.0)
        }
        assertNull(latency.next().p50)
        assertNull(latency.next().p99)
    }
}
