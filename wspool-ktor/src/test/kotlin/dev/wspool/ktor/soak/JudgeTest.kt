package dev.wspool.ktor.soak

import dev.wspool.CloseInfo
import dev.wspool.ConnectionLostException
import dev.wspool.ktor.soak.Route.Direct
import dev.wspool.ktor.soak.Route.Proxied
import org.junit.jupiter.api.Test
import kotlin.coroutines.cancellation.CancellationException
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** What the soak lets pass, and what not. */
class JudgeTest {
    private val timeline = Timeline()
    private val judge = Judge(timeline) { 1.seconds }
    private val lost = ConnectionLostException("lost", CloseInfo(CloseInfo.ABNORMAL))

    @Test
    fun connectionThatIsLostWhileAllIsWellCountsAgainstUs() = assertFalse(excuses(1.seconds))

    @Test
    fun killExcusesWhatIsLostAtOnceOnEitherRoute() {
        happens(Fault.Kill, 10.seconds, 12.seconds)
        assertFalse(excuses(9_999.milliseconds))
        for (route in Route.entries) assertTrue(excuses(10_900.milliseconds, route))
        assertFalse(excuses(11_100.milliseconds), "its death was visible")
    }

    @Test
    fun pauseExcusesUntilThePingIsOverdue() {
        happens(Fault.Pause, 10.seconds, 16.seconds)
        assertTrue(excuses(15.seconds))
        assertFalse(excuses(15_100.milliseconds))
    }

    @Test
    fun resetOfTheProxiedConnectionsDoesNotExcuseTheLossOfAnother() {
        happens(Fault.Reset, 10.seconds, 10.seconds)
        assertTrue(excuses(10_100.milliseconds, Proxied))
        assertFalse(excuses(10_100.milliseconds, Direct))
    }

    @Test
    fun slowServerExcusesNothing() {
        happens(Fault.Hiccup, 10.seconds, 11.seconds)
        happens(Fault.Delay, 10.seconds, 11.seconds)
        happens(Fault.Throttle, 10.seconds, 11.seconds)
        assertFalse(excuses(10_500.milliseconds, Proxied))
    }

    @Test
    fun noOtherFailureIsExcused() {
        happens(Fault.Kill, 10.seconds, 12.seconds)
        for (failure in listOf(CancellationException("not the caller's"), IllegalStateException("a bug"))) {
            for (route in Route.entries + null) assertFalse(judge.excuses(failure, route, 10.seconds.inWholeNanoseconds))
        }
    }

    @Test
    fun momentBelongsToItsFaultUntilItsDeadAreFound() {
        happens(Fault.Cut, 10.seconds, 10.seconds)
        assertNull(judge.phase(9.seconds.inWholeNanoseconds))
        assertEquals(Fault.Cut, judge.phase(10_900.milliseconds.inWholeNanoseconds))
        assertNull(judge.phase(11_100.milliseconds.inWholeNanoseconds))
    }

    private fun happens(fault: Fault, start: Duration, end: Duration) {
        timeline.begin(fault, start.inWholeNanoseconds)
        timeline.end(end.inWholeNanoseconds)
    }

    private fun excuses(at: Duration, route: Route = Direct) = judge.excuses(lost, route, at.inWholeNanoseconds)
}
