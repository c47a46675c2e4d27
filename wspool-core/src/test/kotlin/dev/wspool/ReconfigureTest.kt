package dev.wspool

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.random.Random
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** Settings that change while the pool runs. */
@OptIn(ExperimentalCoroutinesApi::class)
class ReconfigureTest {
    private val connector = echoing()

    @Test
    fun moreConnectionsServeWhoWaits() = runTest {
        val pool = poolOf(connector) { maxConnections = 1 }
        pool.borrow()
        val caller = async { pool.borrow() }
        runCurrent()
        pool.reconfigure { maxConnections = 2 }
        assertEquals("c2", caller.await().id.value)
        assertEquals(2, pool.config.maxConnections)
        assertEquals(2, pool.stats.maxConnections)
    }

    @Test
    fun thoseThatAreTooManyAreClosedIdleOnesNowLeasedOnesAtTheirReturn() = runTest {
        val pool = poolOf(connector) { maxConnections = 4 }
        val leases = List(4) { pool.borrow() }
        leases.take(2).forEach(Lease::release)
        pool.reconfigure { maxConnections = 1 }
        runCurrent()
        assertEquals(mapOf(DestroyReason.Surplus to 2L), pool.stats.destroyed)
        leases[2].send("mine still")
        assertEquals("mine still", leases[2].receiveText())
        leases[2].release()
        runCurrent()
        leases[3].release()
        assertEquals(1, pool.stats.idle)
        assertEquals(mapOf(DestroyReason.Surplus to 3L), pool.stats.destroyed)
        assertEquals("c4", pool.withConnection { id.value })
    }

    @Test
    fun moreThatIsToBeHeldIsOpened() = runTest {
        val pool = poolOf(connector)
        pool.reconfigure { minIdle = 2 }
        runCurrent()
        assertEquals(2, pool.stats.idle)
        pool.reconfigure { minIdle = 20 } // and what was not given adapts
        assertEquals(20, pool.config.maxConnections)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun eachChangeBuildsOnTheOneBefore() = runTest {
        val pool = poolOf(connector) { maxConnections = 3 }
        pool.reconfigure { borrowTimeout = 1.seconds }
        pool.reconfigure { maxIdleTime = 1.minutes }
        assertEquals(listOf(3, 1.seconds, 1.minutes), pool.config.run { listOf(maxConnections, borrowTimeout, maxIdleTime) })
        List(3) { pool.borrow() }
        val e = assertFailsWith<BorrowTimeoutException> { pool.borrow() }
        assertTrue(e.message!!.startsWith("No connection to ws://fake within 1s: 3 of 3 leased"), e.message)
    }

    @Test
    fun hooksAndPoliciesChangeToo() = runTest {
        val pool = poolOf(connector) { maxConnections = 1 }
        pool.withConnection { }
        var asked = 0
        pool.reconfigure {
            onBorrow { ++asked > 0 }
            unreadMessages = UnreadMessages.Drop
        }
        pool.withConnection { connector.connections.single().receives("unread") }
        assertEquals(1, pool.stats.idle)
        assertEquals(1, asked)
    }

    @Test
    fun nonsenseIsRefusedAndChangesNothing() = runTest {
        val pool = poolOf(connector)
        val before = pool.config
        val e = assertFailsWith<IllegalArgumentException> {
            pool.reconfigure {
                minIdle = 1
                maxConnections = 0
            }
        }
        assertEquals("maxConnections must be at least 1, not 0", e.message)
        assertFailsWith<IllegalStateException> { pool.reconfigure { error("mine") } }
        assertTrue(before === pool.config)
        runCurrent()
        assertEquals(0, connector.dialCount)
    }

    @Test
    fun someThingsCannotBeChanged() = runTest {
        val pool = poolOf(connector)
        fun refused(name: String, change: PoolConfig.Builder.() -> Unit) {
            val e = assertFailsWith<IllegalArgumentException> { pool.reconfigure(change) }
            assertEquals("$name cannot be changed while the pool runs", e.message)
        }
        refused("name") { name = "other" }
        refused("parent") { parent = CoroutineScope(Job()) }
        refused("dispatcher") { dispatcher = Dispatchers.Default }
        refused("timeSource") { timeSource = TimeSource.Monotonic }
        refused("random") { random = Random(7) }
    }

    @Test
    fun aShorterLifeHoldsForConnectionsOpenedFromThenOn() = runTest {
        val pool = poolOf(connector)
        pool.withConnection { }
        pool.reconfigure { maxLifetime = 1.minutes }
        delay(2.minutes)
        assertEquals("c1", pool.withConnection { id.value })
        pool.withConnection { invalidate() }
        pool.withConnection { }
        delay(2.minutes)
        assertEquals(1, pool.stats.destroyed[DestroyReason.LifetimeReached])
    }

    @Test
    fun pingsBeginWhenTheyAreAskedFor() = runTest {
        val pool = poolOf(connector)
        pool.withConnection { }
        pool.reconfigure { pingInterval = 10.seconds }
        delay(25.seconds)
        assertEquals(2, connector.connections.single().pings.size)
    }

    @Test
    fun aClosedPoolIsNotChanged() = runTest {
        val pool = poolOf(connector)
        val events = ArrayList<String>()
        backgroundScope.launch { pool.events.collect { events += "$it" } }
        runCurrent()
        pool.reconfigure { maxConnections = 3 }
        pool.close()
        pool.awaitClosed()
        pool.reconfigure { minIdle = 1 }
        runCurrent()
        assertEquals(listOf("ws://fake: reconfigured", "ws://fake: ended"), events)
        pool.assertNothingLeft(connector)
    }
}
