package dev.wspool

import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** A pool with nothing to do costs nothing: what a phone's battery, or a server with a thousand pools, sees of it. */
@OptIn(ExperimentalCoroutinesApi::class)
class SleepTest {
    private val connector = echoing()
    private val pings get() = connector.connections.sumOf { it.pings.size }

    /** At which virtual times, in milliseconds, anything of the pool runs. */
    private val wakeUps = sortedSetOf<Long>()

    private suspend fun TestScope.sleepyPool(configure: PoolConfig.Builder.() -> Unit = {}): WebSocketPool {
        val test = StandardTestDispatcher(testScheduler)
        val pool = poolOf(connector) {
            minIdle = 3
            dispatcher = CountingDispatcher(test) { wakeUps += testScheduler.currentTime }
            configure()
        }
        pool.awaitReady()
        pool.withConnection { }
        advanceTimeBy(2.seconds) // borrow and return read no clock: one tick follows that does
        runCurrent()
        wakeUps.clear()
        return pool
    }

    @Test
    fun nothingIsScheduledForAnHourWherePingsAreOff() = runTest {
        val pool = sleepyPool()
        advanceTimeBy(1.hours)
        assertEquals(emptySet(), wakeUps)
        assertEquals(3, pool.stats.idle)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun nothingButItsPingsIsScheduledForAnHour() = runTest {
        val pool = sleepyPool { pingInterval = 1.minutes }
        advanceTimeBy(1.hours)
        assertTrue(pings in 3 * 60..3 * 67, "$pings pings") // each within 54 to 60 s
        assertEquals(pings / 3, wakeUps.size, "$wakeUps") // those that were opened together are pinged together, as here chance is none
        pool.assertNothingLeft(connector)
    }

    @Test
    fun anEmptyPoolIsNotWokenAtAll() = runTest {
        val pool = poolOf(connector) {
            pingInterval = 20.seconds
            dispatcher = CountingDispatcher(StandardTestDispatcher(testScheduler)) { wakeUps += testScheduler.currentTime }
        }
        runCurrent()
        wakeUps.clear()
        advanceTimeBy(1.hours)
        assertEquals(emptySet(), wakeUps)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aPoolWithoutANetworkSleepsThoughItIsToPing() = runTest {
        val phone = MutableStateFlow(NetworkState(isAvailable = true))
        val pool = sleepyPool {
            pingInterval = 20.seconds
            network = NetworkSignal(phone)
        }
        phone.value = NetworkState(isAvailable = false)
        runCurrent()
        wakeUps.clear()
        advanceTimeBy(1.hours)
        assertEquals(emptySet(), wakeUps)
        assertEquals(3, pool.stats.idle)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aSuspendedPoolSleeps() = runTest {
        val phone = MutableStateFlow(NetworkState(isAvailable = true))
        val pool = sleepyPool {
            pingInterval = 20.seconds
            network = NetworkSignal(phone, inBackground = InBackground.Suspend)
        }
        phone.value = NetworkState(isAvailable = true, isForeground = false)
        advanceTimeBy(2.seconds) // what leaves is stamped by one tick
        runCurrent()
        wakeUps.clear()
        advanceTimeBy(1.hours)
        assertEquals(emptySet(), wakeUps)
        assertEquals(0, connector.openConnections)
        phone.value = NetworkState(isAvailable = true)
        pool.awaitReady()
        assertEquals(3, pool.stats.idle)
        pool.assertNothingLeft(connector)
    }
}
