package dev.wspool

import dev.wspool.internal.RoundTrips
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.time.Duration
import kotlin.time.Duration.Companion.microseconds
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.nanoseconds
import kotlin.time.Duration.Companion.seconds

/** What a pool knows of the time that its pings take. */
class RoundTripStatsTest {
    private val trips = RoundTrips()

    @Test
    fun nothingIsKnownBeforeTheFirst() {
        assertEquals(0, trips.stats().total)
        assertEquals(Duration.ZERO, trips.stats().quantile(0.5))
    }

    @Test
    fun theLastIsKeptAndASmoothedOne() {
        trips.record(8_000)
        trips.record(16_000)
        assertEquals(16.microseconds, trips.stats().last)
        assertEquals(9.microseconds, trips.stats().smoothed)
    }

    @Test
    fun quantilesAreReadFromPowersOfTwo() {
        repeat(90) { trips.record(1_000 * 200) }
        repeat(10) { trips.record(1_000_000L * 3) }
        val stats = trips.stats()
        assertEquals(100, stats.total)
        assertEquals(256.microseconds, stats.quantile(0.9))
        assertEquals(4_096.microseconds, stats.quantile(0.91))
        assertEquals(4_096.microseconds, stats.quantile(1.0))
        assertFailsWith<IllegalArgumentException> { stats.quantile(1.1) }
        assertEquals("last 3ms, smoothed ${stats.smoothed}, p99 below 4.096ms, of 100 pings", stats.toString())
    }

    @Test
    fun theSmallestAndTheGreatestHaveTheirPlace() {
        trips.record(0)
        trips.record(1)
        trips.record(1_000)
        trips.record(Long.MAX_VALUE / 2)
        assertEquals(3, trips.stats().counts.first())
        assertEquals(1, trips.stats().counts.last())
        assertEquals((Long.MAX_VALUE / 2).nanoseconds, trips.stats().last)
    }

    @Test
    fun thePoolMeasuresItsPings() = runTest {
        val connector = FakeConnector(autoConnect = true) { it.answersPing = false }
        val pool = poolOf(connector) { pingInterval = 10.seconds }
        pool.borrow()
        advanceTimeBy(9.seconds) // chance takes off a tenth
        runCurrent()
        val connection = connector.connections.single()
        advanceTimeBy(40.milliseconds)
        connection.pongs(connection.pings.single())
        assertEquals(40.milliseconds, pool.stats.roundTrips.last)
        assertEquals(1, pool.stats.roundTrips.total)
        pool.close()
    }
}
