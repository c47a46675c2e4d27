package dev.wspool.ktor.soak

import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertNotEquals
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes

class ScheduleTest {
    @Test
    fun everyMinuteHasEveryFault() = repeat(1_000) { seed ->
        val schedule = Schedule.of(seed.toLong(), 1.minutes)
        assertEquals(Fault.entries.toSet(), schedule.map { it.fault }.toSet(), "seed $seed")
        assertTrue(schedule.fold(Duration.ZERO) { sum, it -> sum + it.calm + it.span } < 1.minutes)
    }

    @Test
    fun sameSeedMeansTheSameFaults() {
        assertEquals(faults(1), faults(1))
        assertNotEquals(faults(1), faults(2))
    }

    private fun faults(seed: Long) = Schedule.of(seed, 10.minutes).map { "${it.fault} ${it.calm} ${it.span}" }
}
