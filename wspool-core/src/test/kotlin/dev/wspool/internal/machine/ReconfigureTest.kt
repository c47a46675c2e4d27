package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** Settings that change while the pool runs. */
class ReconfigureTest {
    @Test
    fun roomThatIsAddedServesWhoWaits() = PoolScript(maxConnections = 1).run {
        borrow("ann")
        borrow("bob");                            expect("connect slot1")
        reconfigure(limits(maxConnections = 32));  expect("connect slot2")
    }

    @Test
    fun longestIdleGoWhereLessIsAllowed() = PoolScript(maxConnections = 3).run {
        open(3)
        reconfigure(limits(maxConnections = 1));  expect("close slot1: SURPLUS", "close slot2: SURPLUS")
        borrow("ann");                            expect("ann gets slot3")
    }

    @Test
    fun leasedGoAtTheirReturnWhereLessIsAllowed() = PoolScript(maxConnections = 2).run {
        open(2)
        borrow("ann")
        borrow("bob")
        borrow("cat");                            expect("ann gets slot2", "bob gets slot1")
        reconfigure(limits(maxConnections = 1));  expect()
        release(1);                               expect("close slot1: SURPLUS")
        lost(1);                                  expect()
        release(2);                               expect("cat gets slot2")
    }

    @Test
    fun dialsUnderWayAreSurplusWhereLessIsAllowed() = PoolScript(maxConnections = 3).run {
        open(1)
        borrow("ann")
        borrow("bob")
        borrow("cat");                            expect("ann gets slot1", "connect slot2", "connect slot3")
        reconfigure(limits(maxConnections = 1));  expect()
        connected(2);                             expect("close slot2: SURPLUS")
        connected(3);                             expect("close slot3: SURPLUS")
        release(1);                               expect("bob gets slot1")
    }

    @Test
    fun moreAreKeptIdleFromNowOn() = PoolScript().run {
        reconfigure(limits(minIdle = 2));         expect("connect slot1", "connect slot2")
    }

    @Test
    fun fewerAreKeptIdleFromNowOn() = PoolScript().run {
        open(3)
        reconfigure(limits(maxIdle = 1));         expect("close slot1: SURPLUS", "close slot2: SURPLUS")
    }

    @Test
    fun pingsBeginAndEnd() = PoolScript().run {
        open(1)
        after(1.minutes);                           expect()
        reconfigure(limits(pingInterval = 20.seconds))
        after(18.seconds);                          expect("ping slot1")
        pong(1)
        after(5.seconds)
        reconfigure(limits())
        after(1.minutes);                           expect()
        assertEquals(Duration.INFINITE, nextTick)
    }

    @Test
    fun shorterIdleTimeHoldsForWhatIsIdleAlready() = PoolScript().run {
        open(1)
        after(2.minutes);                           expect()
        reconfigure(limits(maxIdleTime = 1.minutes)); expect("close slot1: IDLE_TOO_LONG")
    }

    @Test
    fun fasterPaceHoldsFromTheNextDialOn() = PoolScript(limits(dials = dials(connectInterval = 1.minutes))).run {
        borrow("ann")
        borrow("bob");                              expect("connect slot1")
        reconfigure(limits());                      expect()
        after(1.minutes);                           expect("connect slot2")
        borrow("cat");                              expect("connect slot3")
    }

    @Test
    fun usesAreCountedAgainstTheNewLimit() = PoolScript().run {
        open(1)
        reconfigure(limits(maxUses = 2))
        borrow("ann");                              expect("ann gets slot1")
        release(1);                                 expect("close slot1: USED_UP")
    }

    @Test
    fun livesAreAsLongAsTheyWereWhenTheyBegan() = PoolScript(limits(maxLifetime = 30.minutes)).run {
        open(1)
        reconfigure(limits(maxLifetime = 5.minutes))
        after(29.minutes);                          expect()
    }
}
