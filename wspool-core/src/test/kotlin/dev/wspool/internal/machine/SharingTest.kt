package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** Connections with several leases at a time: capacity is counted in leases, and whoever leaves leaves the others alone. */
class SharingTest {
    @Test
    fun connectionIsLentUntilItsPlacesAreTaken() = pool().run {
        borrow("ann");       expect("connect slot1")
        connected(1);        expect("ann gets slot1")
        borrow("bob");       expect("bob gets slot1")
        borrow("cat");       expect()
        release(1, use = 1); expect("cat gets slot1")
    }

    @Test
    fun oneDialServesAsManyAsThereArePlaces() = pool(maxConnections = 3).run {
        borrow("ann");  expect("connect slot1")
        borrow("bob");  expect()
        borrow("cat");  expect("connect slot2")
        connected(1);   expect("ann gets slot1", "bob gets slot1")
        connected(2);   expect("cat gets slot2")
    }

    @Test
    fun idleConnectionComesBeforeASharedOne() = pool(maxConnections = 2).run {
        fill(1, "ann", "bob")
        fill(2, "cat")
        release(2)
        release(1, use = 1)
        borrow("dan");  expect("dan gets slot2")
    }

    @Test
    fun leastLoadedConnectionComesFirst() = pool(maxConnections = 2, leases = 3).run {
        fill(1, "ann", "bob", "cat")
        fill(2, "dan", "eve", "fay")
        release(1, use = 1)
        release(2, use = 1)
        release(2, use = 2)
        borrow("gil");  expect("gil gets slot2")
        borrow("hal");  expect("hal gets slot2")
        borrow("ivy");  expect("ivy gets slot1")
        borrow("joe");  expect()
    }

    @Test
    fun whoInsistsOnAKeyThatMovesComesBeforeWhoCameLater() = pool(maxConnections = 2, leases = 4).run {
        fill(1, "bob", "cat", "dan")
        borrow("ann", demand = Demand(key = "user-7"))
        borrow("eve", demand = Demand(key = "user-7", isHard = true))
        borrow("fay")
        borrow("gil", demand = Demand(key = "user-7"))
        borrow("hal")
        borrow("ivy")
        take()
        connected(2); expect("fay gets slot2", "gil gets slot2", "eve gets slot2", "hal gets slot2")
    }

    @Test
    fun whoInsistsOnOneThatIsUsedUpComesBeforeWhoCameLater() = PoolScript(
        limits(maxConnections = 2, leasesPerConnection = 4, maxUses = 2, maxLifetime = 30.minutes),
    ).run {
        val hard = Demand(key = "user-7", isHard = true, minRemaining = 10.minutes.inWholeNanoseconds)
        borrow("ann", demand = Demand(key = "user-7"));                                expect("connect slot1")
        connected(1);                                                                  expect("ann gets slot1")
        after(25.minutes)
        borrow("eve", demand = Demand(minRemaining = 20.minutes.inWholeNanoseconds));  expect("connect slot2")
        connected(2);                                                                  expect("eve gets slot2")
        release(2)
        pause()
        borrow("bob", demand = hard) // slot1 is his, and too old
        borrow("cat", demand = Demand(id = 1L))
        borrow("dan")
        resume();                                                                      expect("cat gets slot1", "bob gets slot2")
    }

    @Test
    fun whoReturnsItDirtyTakesItFromNobody() = pool().run {
        fill(1, "ann", "bob")
        release(1, use = 1, ending = Ending.INVALIDATED); expect()
        borrow("cat");                                    expect()
        release(1, use = 2);                              expect("close slot1: INVALIDATED")
        lost(1);                                          expect("connect slot2")
    }

    @Test
    fun leaseEndsOnceAmongOthers() = pool(leases = 3).run {
        fill(1, "ann", "bob", "cat")
        release(1, use = 2)
        release(1, use = 2)
        assertEquals(1, tally.late)
        borrow("dan");  expect("dan gets slot1")
        borrow("eve");  expect()
    }

    @Test
    fun withItsLastLeaseItIsIdle() = pool().run {
        fill(1, "ann", "bob")
        release(1, use = 2)
        assertEquals(SlotState.LEASED, state(1))
        release(1, use = 1)
        assertEquals(SlotState.IDLE, state(1))
    }

    @Test
    fun eachLeaseIsAUse() = pool(maxUses = 3).run {
        fill(1, "ann", "bob")
        release(1, use = 1)
        borrow("cat");        expect("cat gets slot1")
        release(1, use = 2)
        borrow("dan");        expect()
        release(1, use = 3);  expect("close slot1: USED_UP")
    }

    @Test
    fun nobodyJoinsAConnectionInDoubt() = pool(leases = 3).run {
        fill(1, "ann", "bob")
        suspectAll();         expect("ping slot1")
        assertFalse(tryBorrow("cat"))
        release(1, use = 1)
        borrow("dan");        expect()
        pong(1);              expect("dan gets slot1")
    }

    @Test
    fun itsEndIsTheEndOfAllItsLeases() = pool().run {
        fill(1, "ann", "bob")
        lost(1)
        release(1, use = 1)
        release(1, use = 2)
        assertEquals(2, tally.late)
        borrow("cat");  expect("connect slot2")
    }

    @Test
    fun fewerConnectionsThanBeforeAreLetGoOnceTheirLeasesAreBack() = pool(maxConnections = 2).run {
        fill(1, "ann", "bob")
        fill(2, "cat", "dan")
        reconfigure(limits(maxConnections = 1, leasesPerConnection = 2))
        release(1, use = 1)
        borrow("eve");        expect()
        release(1, use = 2);  expect("close slot1: SURPLUS")
        release(2, use = 1);  expect("eve gets slot2")
    }

    @Test
    fun noMoreAreLetGoThanAreTooMany() = pool(maxConnections = 2, leases = 2).run {
        fill(1, "ann", "bob")
        fill(2, "cat", "dan")
        reconfigure(limits(maxConnections = 1, leasesPerConnection = 2))
        release(1, use = 1)
        release(2, use = 1)
        borrow("eve");        expect("eve gets slot2")
    }

    @Test
    fun connectionThatIsUsedUpIsLeftToThoseWhoHaveIt() = pool().run {
        fill(1, "ann", "bob")
        useUp(1)
        release(1, use = 1);  expect()
        borrow("cat");        expect()
        release(1, use = 2);  expect("close slot1: USED_UP")
    }

    @Test
    fun drainServesWhoWaitsAndEndsWithTheLastLease() = pool().run {
        fill(1, "ann", "bob")
        borrow("cat");        expect()
        drain(10.seconds);    expect()
        release(1, use = 1);  expect("cat gets slot1")
        release(1, use = 2);  expect()
        release(1, use = 3);  expect("close slot1: POOL_CLOSED")
    }

    private fun pool(maxConnections: Int = 1, leases: Int = 2, maxUses: Int = Int.MAX_VALUE) =
        PoolScript(limits(maxConnections, leasesPerConnection = leases, maxUses = maxUses))

    /** Has these [callers] get the connection that is dialled next. */
    private fun PoolScript.fill(number: Int, vararg callers: String) {
        callers.forEach { borrow(it) }
        connected(number)
        expect("connect slot$number", *callers.map { "$it gets slot$number" }.toTypedArray())
    }
}
