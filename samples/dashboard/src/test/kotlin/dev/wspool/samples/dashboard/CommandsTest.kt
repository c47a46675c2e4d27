package dev.wspool.samples.dashboard

import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** What each button does to a real pool under its load. */
@Timeout(60)
class CommandsTest {
    @Test
    fun loadGrowsUntilCallersWaitAndShrinksWithoutSpoilingAConnection() = Running {
        await { it.replies > 0 }
        for (callers in 12..64 step 4) obey("load-up", "The load is $callers callers.")
        assertRefused("load-up", "The load is from 0 to 64 callers; it is 64.")
        await { it.samples.last().waiting > 20 && it.samples.last().leased == 8 }
        for (callers in 60 downTo 0 step 4) obey("load-down", "The load is $callers callers.")
        assertRefused("load-down", "The load is from 0 to 64 callers; it is 0.")
        val idle = await { it.samples.last().leased == 0 && it.samples.last().waiting == 0 && it.samples.last().replies == 0L }
        assertEquals(emptyList(), idle.samples.flatMap { it.gone.keys })
        assertEquals(0, idle.samples.sumOf { it.failures })
    }

    @Test
    fun killedUpstreamFailsCallersUntilItIsBack() = Running {
        await { it.replies > 0 }
        obey("kill", "The upstream is killed: dials are refused.")
        val down = await { it.lastFailure.orEmpty().startsWith("No connection to pool within 2s") }
        assertTrue(down.samples.any { it.failedDials > 0 })
        assertTrue(down.gone("Lost") > 0)
        assertEquals(false, down.controls.isUp)
        assertContains(down.lastFailure!!, "Last connect failure: ")
        obey("restart", "The upstream is back.")
        await { it.controls.isUp && it.samples.last().leased > 0 && it.samples.last().replies > 0 }
    }

    @Test
    fun halfOpenConnectionsAreFoundOutByPings() = Running {
        await { it.replies > 0 }
        obey("half-open", "Connections are half-open: all bytes vanish, and only pings find out.")
        val dead = await { it.gone("PingTimeout") > 0 && it.samples.last().leased == 0 }
        assertEquals(0, dead.gone("Dirty"))
        assertEquals(true, dead.controls.isHalfOpen)
        obey("heal", "The way to the upstream is healed: new connections work.")
        await { it.samples.last().replies > 0 }
    }

    @Test
    fun slowUpstreamLetsCallersWait() = Running {
        obey("slow", "The upstream takes its time: half a second and more for a reply.")
        await { it.controls.isSlow && it.connections.any { row -> (row.roundTrip ?: 0.0) >= 500 } }
        obey("fast", "The upstream replies fast again.")
        await { !it.controls.isSlow && it.samples.last().replies > 10 }
    }

    @Test
    fun sizeCanBeChangedWithinBounds() = Running {
        repeat(4) { obey("load-up", "The load is ${12 + 4 * it} callers.") }
        obey("grow", "maxConnections is 10.")
        await { it.samples.last().leased == 10 && it.settings["maxConnections"] == "10" && it.controls.size == 10 }
        for (size in 8 downTo 2 step 2) obey("shrink", "maxConnections is $size.")
        assertRefused("shrink", "maxConnections is from 2 to 32 here; it is 2.")
        val small = await { it.samples.last().run { capacity == 2 && leased <= 2 } }
        assertTrue(small.gone("Surplus") > 0)
    }

    @Test
    fun credentialsAreRotatedAndIdleConnectionsEvicted() = Running {
        await { it.replies > 0 }
        obey("rotate", "Credentials are rotated: all connections are replaced.")
        await { it.gone("CredentialsRotated") > 0 && it.controls.credentials == 2 && it.samples.last().replies > 0 }
        repeat(2) { _ -> obey("load-down", "The load is ${dashboard.after(0, 0).controls.load - 4} callers.") }
        await { it.samples.last().idle > 0 && it.samples.last().leased == 0 }
        obey("evict", "Idle connections are evicted.")
        await { it.gone("Evicted") > 0 }
    }

    @Test
    fun drainedPoolGivesWayToANewOne() = Running {
        await { it.replies > 0 }
        assertRefused("renew", "The pool is not closed: drain it first.")
        obey("drain", "The pool drains: it waits for its leases, and closes.")
        val closed = await { it.controls.pool == PoolKeeper.Phase.Closed && it.connections.isEmpty() }
        assertEquals(0, closed.gone("Dirty"))
        for (command in listOf("drain", "rotate", "evict", "grow")) assertRefused(command, "The pool is closed: it lends no more.")
        obey("renew", "There is a new pool.")
        await { it.controls.pool == PoolKeeper.Phase.Open && it.samples.last().replies > 0 && it.connections.isNotEmpty() }
    }

    @Test
    fun whatWasDoneIsInTheLogBesideWhatCameOfIt() = Running {
        await { it.replies > 0 }
        obey("rotate", "Credentials are rotated: all connections are replaced.")
        val log = await { it.events.any { event -> event.text.endsWith("is closed: CredentialsRotated") } }.events
        assertTrue(log.any { it.tone == Journal.Tone.Deed && it.text == "Credentials are rotated: all connections are replaced." })
    }

    @Test
    fun unknownCommandIsNone() = Running { assertNull(dashboard.obey("format-c")) }

    @Test
    fun tableHasTheConnectionsThatThePoolCounts() = Running {
        await { it.replies > 0 }
        repeat(2) { _ -> obey("load-down", "The load is ${dashboard.after(0, 0).controls.load - 4} callers.") }
        val calm = await { it.samples.last().run { leased == 0 && connecting == 0 && idle == it.connections.size } }
        assertTrue(calm.connections.isNotEmpty())
        assertTrue(calm.connections.all { it.state == "idle" })
        assertTrue(calm.connections.any { it.uses > 0 && it.roundTrip != null })
    }
}
