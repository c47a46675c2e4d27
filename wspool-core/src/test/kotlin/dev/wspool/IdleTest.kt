package dev.wspool

import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertNotEquals
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** The connections that nobody uses: how many are kept, and for how long. */
@OptIn(ExperimentalCoroutinesApi::class)
class IdleTest {
    @Test
    fun connectionsAreOpenedAheadOfDemand() = runTest {
        val connector = echoing()
        val pool = poolOf(connector) { minIdle = 2 }
        runCurrent()
        assertEquals(2, pool.stats.idle)
        pool.borrow()
        advanceTimeBy(2.seconds) // a borrow reads no clock: the next tick sees to it
        assertEquals(2, pool.stats.idle)
        assertEquals(3, connector.openConnections)
        connector.connections.last().dies()
        runCurrent()
        assertEquals(2, pool.stats.idle)
        assertEquals(1, pool.stats.destroyed[DestroyReason.Lost])
        pool.assertNothingLeft(connector)
    }

    @Test
    fun anIdleConnectionIsClosedInTimeAndAnotherIsOpenedForTheNextCaller() = runTest {
        val connector = echoing()
        val pool = poolOf(connector) { maxIdleTime = 1.minutes }
        val first = pool.withConnection { id }
        advanceTimeBy(59.seconds)
        assertEquals(1, pool.stats.idle)
        advanceTimeBy(3.seconds)
        assertEquals(0, pool.stats.total)
        assertEquals(1, pool.stats.destroyed[DestroyReason.IdleTooLong])
        assertEquals(CloseInfo(CloseInfo.NORMAL), connector.connections.single().closedWith)
        assertNotEquals(first, pool.withConnection { id })
        pool.assertNothingLeft(connector)
    }

    @Test
    fun asManyIdleConnectionsAsAskedForStayHoweverLong() = runTest {
        val connector = echoing()
        val pool = poolOf(connector) {
            minIdle = 1
            maxIdleTime = 1.minutes
        }
        val leases = List(3) { pool.borrow() }
        leases.forEach(Lease::release)
        advanceTimeBy(1.hours)
        assertEquals(1, pool.stats.idle)
        assertEquals(1, connector.openConnections)
    }

    @Test
    fun aConnectionThatDiesWhileIdleIsNotLent() = runTest {
        val connector = echoing()
        val pool = poolOf(connector) { maxConnections = 1 }
        val first = pool.withConnection { id }
        connector.connections.single().dies()
        assertEquals(0, pool.stats.total)
        assertNotEquals(first, pool.withConnection { id })
    }
}
