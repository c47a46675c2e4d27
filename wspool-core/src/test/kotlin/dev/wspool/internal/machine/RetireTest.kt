package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Connections that are not to be lent again: one that says it is going, all for a reset or a rotation, the idle for an eviction. */
class RetireTest {
    @Test
    fun idleConnectionThatIsGoingIsClosed() = PoolScript().run {
        open(1)
        goingAway(1);  expect("close slot1: GOING_AWAY")
        lost(1)
        assertEquals(1, tally.destroyed(Ending.GOING_AWAY))
    }

    @Test
    fun leaseOfAConnectionThatIsGoingEndsInPeaceAndItsSuccessorIsThere() = PoolScript().run {
        open(1)
        borrow("ann");                 expect("ann gets slot1")
        goingAway(1);                  expect("connect slot2")
        assertTrue(isLent(1))
        connected(2)
        release(1);                    expect("close slot1: GOING_AWAY")
        borrow("bob");                 expect("bob gets slot2")
        goingAway(1);                  expect()
    }

    @Test
    fun successorWaitsForRoomAndIsDialledOnce() = PoolScript(maxConnections = 1).run {
        open(1)
        borrow("ann");                 expect("ann gets slot1")
        goingAway(1);                  expect()
        goingAway(1);                  expect()
        release(1);                    expect("close slot1: GOING_AWAY")
        lost(1);                       expect("connect slot2")
        connected(2)
    }

    @Test
    fun serverThatSendsAllAwayIsNotDialledForEver() = PoolScript(minIdle = 1).run {
        expect("connect slot1")
        connected(1)
        goingAway(1);                  expect("close slot1: GOING_AWAY")
        after(100.milliseconds);       expect("connect slot2")
        connected(2)
        goingAway(2);                  expect("close slot2: GOING_AWAY")
    }

    @Test
    fun idleConnectionThatIsGoingIsReplacedWhereOneIsToBeKept() = PoolScript(minIdle = 1).run {
        expect("connect slot1")
        connected(1)
        borrow("ann");                 expect("ann gets slot1")
        after(1.seconds);              expect("connect slot2")
        connected(2)
        borrow("bob");                 expect("bob gets slot2")
        release(1)
        goingAway(1);                  expect("close slot1: GOING_AWAY", "connect slot3")
    }

    @Test
    fun firstReasonCounts() = PoolScript().run {
        open(1)
        borrow("ann");                 expect("ann gets slot1")
        goingAway(1);                  expect("connect slot2")
        retireAll(Ending.RESET)
        release(1);                    expect("close slot1: GOING_AWAY")
    }

    @Test
    fun resetRetiresTheIdleNowAndTheLeasedAtTheirReturn() = PoolScript().run {
        open(2)
        borrow("ann");                 expect("ann gets slot2")
        retireAll();                   expect("close slot1: RESET")
        release(2);                    expect("close slot2: RESET")
        borrow("bob");                 expect("connect slot3")
        assertEquals(0, tally.late)
    }

    @Test
    fun resetLetsDialsThatAreUnderWayBe() = PoolScript().run {
        borrow("ann");                 expect("connect slot1")
        retireAll();                   expect()
        connected(1);                  expect("ann gets slot1")
    }

    @Test
    fun rotationCallsDialsOffThatAreUnderWay() = PoolScript().run {
        borrow("ann");                               expect("connect slot1")
        retireAll(Ending.ROTATED, dialsToo = true);  expect("cancel connect slot1")
        connectFailed(1);                            expect("connect slot2") // at once: that was no failure
        connected(2);                                expect("ann gets slot2")
    }

    @Test
    fun dialThatGoesWellInSpiteOfTheRotationIsClosed() = PoolScript().run {
        borrow("ann");                               expect("connect slot1")
        retireAll(Ending.ROTATED, dialsToo = true);  expect("cancel connect slot1")
        connected(1);                                expect("close slot1: ROTATED", "connect slot2")
        assertEquals(0, tally.destroyed(Ending.ROTATED))
        lost(1)
        assertEquals(1, tally.destroyed(Ending.ROTATED))
    }

    @Test
    fun dialIsCalledOffOnce() = PoolScript().run {
        borrow("ann");                               expect("connect slot1")
        retireAll(Ending.ROTATED, dialsToo = true);  expect("cancel connect slot1")
        retireAll(Ending.ROTATED, dialsToo = true);  expect()
        close();                                     expect("ann is refused: CLOSED")
        connectFailed(1);                            expect("ended")
    }

    @Test
    fun callersWhoWaitAreServedByFreshConnections() = PoolScript(maxConnections = 1).run {
        open(1)
        borrow("ann");                 expect("ann gets slot1")
        borrow("bob")
        retireAll();                   expect()
        release(1);                    expect("close slot1: RESET")
        lost(1);                       expect("connect slot2")
        connected(2);                  expect("bob gets slot2")
    }

    @Test
    fun resetForgivesWhatHadFailed() = PoolScript().run {
        borrow("ann");                 expect("connect slot1")
        connectFailed(1);              expect()
        retireAll();                   expect("connect slot2")
    }

    @Test
    fun connectionThatIsBeingProvedIsReset() = PoolScript().run {
        open(1)
        suspectAll();                  expect("ping slot1")
        borrow("ann")
        retireAll();                   expect("close slot1: RESET", "connect slot2")
        pong(1);                       expect()
    }

    @Test
    fun idleAreEvictedAndLeasedAreNot() = PoolScript().run {
        open(3)
        borrow("ann");                 expect("ann gets slot3")
        evictIdle();                   expect("close slot1: EVICTED", "close slot2: EVICTED")
        release(3)
        borrow("bob");                 expect("bob gets slot3")
    }

    @Test
    fun evictedAreReplacedWhereTheyAreToBeKept() = PoolScript(maxConnections = 3, minIdle = 1).run {
        expect("connect slot1")
        connected(1)
        evictIdle();                   expect("close slot1: EVICTED", "connect slot2")
    }

    @Test
    fun closedPoolHasNothingToRetire() = PoolScript().run {
        open(1)
        close();                       expect("close slot1: POOL_CLOSED")
        retireAll()
        evictIdle()
        goingAway(1)
        suspectAll();                  expect()
        lost(1);                       expect("ended")
    }

    @Test
    fun drainGoesOnAfterAReset() = PoolScript().run {
        open(1)
        borrow("ann");                 expect("ann gets slot1")
        drain()
        retireAll();                   expect()
        release(1);                    expect("close slot1: RESET")
        after(2.seconds);              expect("abort slot1")
        lost(1);                       expect("ended")
    }
}
