package dev.wspool

import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** A machine that slept: its wall clock ran on, its monotonic one did not, and its connections may all be dead. */
@OptIn(ExperimentalCoroutinesApi::class)
class TimeJumpTest {
    private val connector = echoing()
    private var slept = Duration.ZERO

    private suspend fun TestScope.pool(): WebSocketPool {
        val pool = poolOf(connector) { wallClock = { 1_000_000 + currentTime + slept.inWholeMilliseconds } }
        List(2) { pool.borrow() }.forEach(Lease::release)
        delay(2.seconds)
        return pool
    }

    @Test
    fun allConnectionsAreProvedBeforeTheyAreLent() = runTest {
        val pool = pool()
        val events = ArrayList<String>()
        backgroundScope.launch { pool.events.collect { events += "$it" } }
        runCurrent()
        slept = 8.hours
        pool.withConnection { }
        runCurrent()
        assertEquals(listOf(1, 1), connector.connections.map { it.pings.size })
        assertEquals("ws://fake: slept for 8h", events.first())
        assertEquals(2, connector.dialCount)
        pool.withConnection { }
        assertEquals(listOf(1, 1), connector.connections.map { it.pings.size }, "once")
        pool.assertNothingLeft(connector)
    }

    @Test
    fun thoseThatDidNotSurviveItAreReplacedWithinTheCallersTime() = runTest {
        val pool = pool()
        connector.connections.forEach { it.answersPing = false }
        slept = 8.hours
        assertEquals("c3", pool.withConnection { id.value })
        assertEquals(3_000, currentTime)
        assertEquals(mapOf(DestroyReason.PingTimeout to 2L), pool.stats.destroyed)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun whoDoesNotWaitGetsNoneUnproved() = runTest {
        val pool = pool()
        slept = 8.hours
        assertNull(pool.tryBorrow())
        runCurrent()
        assertEquals("c2", pool.tryBorrow()?.id?.value)
    }

    @Test
    fun theNextTickSeesItToo() = runTest {
        val pool = poolOf(connector) {
            wallClock = { currentTime + slept.inWholeMilliseconds }
            pingInterval = 20.seconds
        }
        pool.withConnection { }
        delay(2.seconds)
        slept = 8.hours
        delay(19.seconds)
        assertEquals(1, connector.connections.single().pings.size)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun clocksThatDriftAreNoSleep() = runTest {
        val pool = pool()
        repeat(100) {
            slept += 1.seconds
            pool.tryBorrow()?.release()
            delay(2.seconds)
        }
        slept -= 50.seconds // it was set back
        pool.tryBorrow()?.release()
        assertEquals(0, connector.connections.sumOf { it.pings.size })
        slept += 4_999.milliseconds
        pool.tryBorrow()?.release()
        assertEquals(0, connector.connections.sumOf { it.pings.size })
    }
}
