package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** What the close code of one connection means for the next dial and for the others. */
class AftermathTest {
    private val backOff = Aftermath(backsOff = true)
    private val restart = hold(5, 15)
    private val tryLater = hold(30, 120, shrinks = true)

    @Test
    fun ordinaryEndIsReplacedAtOnce() = PoolScript(minIdle = 1).run {
        expect("connect slot1")
        connected(1)
        lost(1);                   expect("connect slot2")
    }

    @Test
    fun endThatBacksOffCountsAsAFailedDial() = PoolScript(minIdle = 1).run {
        expect("connect slot1")
        connected(1)
        lost(1, backOff);          expect()
        after(99.milliseconds);    expect()
        after(1.milliseconds);     expect("connect slot2")
        connectFailed(2)
        after(199.milliseconds);   expect()
        after(1.milliseconds);     expect("connect slot3")
    }

    @Test
    fun connectionsThatEndTogetherAreOneFailure() = PoolScript(maxConnections = 3).run {
        open(3)
        lost(1, backOff)
        lost(2, backOff)
        lost(3, backOff)
        borrow("ann");             expect()
        after(100.milliseconds);   expect("connect slot4")
    }

    @Test
    fun restartIsWaitedFor() = PoolScript(minIdle = 1).run {
        expect("connect slot1")
        connected(1)
        lost(1, restart);          expect()
        after(14_999.milliseconds); expect()
        after(1.milliseconds);     expect("connect slot2")
    }

    @Test
    fun chanceSpreadsTheHold() = PoolScript(minIdle = 1).run {
        expect("connect slot1")
        connected(1)
        chance = 0.0
        lost(1, restart)
        after(4_999.milliseconds); expect()
        after(1.milliseconds);     expect("connect slot2")
    }

    @Test
    fun oneDialIsSentAheadAfterTheHold() = PoolScript(maxConnections = 3).run {
        open(1)
        lost(1, restart)
        borrow("ann")
        borrow("bob")
        after(15.seconds);         expect("connect slot2")
        connected(2);              expect("ann gets slot2", "connect slot3")
    }

    @Test
    fun longestHoldCounts() = PoolScript(maxConnections = 2).run {
        open(2)
        lost(1, tryLater);         expect("close slot2: SURPLUS")
        lost(2)
        borrow("ann");            expect()
        after(119.seconds);        expect()
        after(1.seconds);          expect("connect slot3")
    }

    @Test
    fun dialThatWasUnderWayDoesNotEndTheHold() = PoolScript(maxConnections = 3).run {
        open(1)
        borrow("ann")
        borrow("bob");             expect("ann gets slot1", "connect slot2")
        lost(1, restart)
        connected(2);              expect("bob gets slot2")
        borrow("cat")
        after(14.seconds);         expect()
        after(1.seconds);          expect("connect slot3")
    }

    @Test
    fun callersAreServedByWhatComesBackDuringTheHold() = PoolScript(maxConnections = 2).run {
        open(2)
        borrow("ann");             expect("ann gets slot2")
        lost(1, restart)
        borrow("bob");             expect()
        release(2);                expect("bob gets slot2")
    }

    @Test
    fun serverThatHasTooMuchToDoKeepsNoMoreThanAreWanted() = PoolScript(maxConnections = 4, minIdle = 1).run {
        expect("connect slot1")
        connected(1)
        borrow("ann")
        after(1.seconds);          expect("ann gets slot1", "connect slot2")
        connected(2)
        borrow("bob")
        borrow("cat");             expect("bob gets slot2", "connect slot3", "connect slot4")
        connected(3)
        connected(4);              expect("cat gets slot3")
        release(3)
        release(2)
        lost(1, tryLater);         expect("close slot4: SURPLUS", "close slot3: SURPLUS")
        assertEquals(SlotState.IDLE, state(2))
    }

    @Test
    fun suspicionAndBackOffGoTogether() = PoolScript(maxConnections = 2).run {
        open(2)
        lost(1, Aftermath(backsOff = true, isSuspicious = true));  expect("ping slot2")
        borrow("ann")
        borrow("bob");             expect()
        pong(2);                   expect("ann gets slot2")
        after(100.milliseconds);   expect("connect slot3")
    }

    @Test
    fun endOfAClosingConnectionMeansNothing() = PoolScript(minIdle = 1).run {
        expect("connect slot1")
        connected(1)
        evictIdle();               expect("close slot1: EVICTED", "connect slot2")
        connected(2)
        lost(1, tryLater);         expect()
        lost(2);                   expect("connect slot3")
    }

    @Test
    fun resetEndsTheHold() = PoolScript(minIdle = 1).run {
        expect("connect slot1")
        connected(1)
        lost(1, tryLater);         expect()
        retireAll();               expect("connect slot2")
    }

    private fun hold(from: Int, to: Int, shrinks: Boolean = false) =
        Aftermath(holdFrom = from.seconds.inWholeNanoseconds, holdTo = to.seconds.inWholeNanoseconds, shrinks = shrinks)
}
