package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Connections that end without having been asked to, and those that were asked and do not. */
class LostTest {
    @Test
    fun idleConnectionThatIsLostIsNotLent() = PoolScript().run {
        borrow("ann");  expect("connect slot1")
        connected(1)
        release(1);     expect("ann gets slot1")
        lost(1);        expect()
        borrow("bob");  expect("connect slot2")
        assertEquals(1, tally.destroyed(Ending.LOST))
    }

    @Test
    fun placeOfALostConnectionServesWhoWaitedLongest() = PoolScript(maxConnections = 1).run {
        borrow("ann");  expect("connect slot1")
        connected(1);   expect("ann gets slot1")
        borrow("bob")
        borrow("cat");  expect()
        lost(1);        expect("connect slot2")
        connected(2);   expect("bob gets slot2")
    }

    @Test
    fun lossIsToldTwiceAndCountsOnce() = PoolScript().run {
        borrow("ann");  expect("connect slot1")
        connected(1);   expect("ann gets slot1")
        lost(1)
        lost(1);        expect()
        assertEquals(1, tally.destroyed(Ending.LOST))
        assertEquals(1, tally.late)
    }

    @Test
    fun peerThatDoesNotAnswerTheCloseIsAbortedAfterTwoSeconds() = PoolScript().run {
        borrow("ann");                      expect("connect slot1")
        connected(1);                       expect("ann gets slot1")
        release(1, ending = Ending.DIRTY);  expect("close slot1: DIRTY")
        after(1999.milliseconds);           expect()
        after(1.milliseconds);              expect("abort slot1")
        lost(1);                            expect()
        assertEquals(1, tally.destroyed(Ending.DIRTY))
        after(PoolScript.LONG);             expect()
    }

    @Test
    fun abortThatNobodyConfirmsFreesThePlaceAfterFiveSeconds() = PoolScript(maxConnections = 1).run {
        borrow("ann");                      expect("connect slot1")
        connected(1);                       expect("ann gets slot1")
        borrow("bob");                      expect()
        release(1, ending = Ending.DIRTY);  expect("close slot1: DIRTY")
        after(2.seconds);                   expect("abort slot1")
        after(4999.milliseconds);           expect()
        after(1.milliseconds);              expect("connect slot2")
        assertEquals(1, tally.destroyed(Ending.ABANDONED))
        assertEquals(0, tally.destroyed(Ending.DIRTY))
        lost(1);                            expect()
        assertEquals(1, tally.late)
        connected(2);                       expect("bob gets slot2")
    }

    @Test
    fun closedConnectionIsNotAborted() = PoolScript().run {
        borrow("ann");                      expect("connect slot1")
        connected(1);                       expect("ann gets slot1")
        release(1, ending = Ending.DIRTY);  expect("close slot1: DIRTY")
        after(1.seconds)
        lost(1)
        after(PoolScript.LONG);             expect()
    }
}
