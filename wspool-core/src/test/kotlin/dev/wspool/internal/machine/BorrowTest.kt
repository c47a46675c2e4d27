package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** Who gets what is idle, and who waits for what comes back. */
class BorrowTest {
    @Test
    fun firstCallerHasAConnectionDialled() = PoolScript().run {
        borrow("ann");  expect("connect slot1")
        connected(1);   expect("ann gets slot1")
    }

    @Test
    fun releasedConnectionGoesToTheCallerWhoWaitedLongest() = PoolScript(maxConnections = 1).run {
        borrow("ann");  expect("connect slot1")
        connected(1);   expect("ann gets slot1")
        borrow("bob")
        borrow("cat");  expect() // full: both wait
        release(1);     expect("bob gets slot1")
        release(1);     expect("cat gets slot1")
    }

    @Test
    fun releasedConnectionIsLentAgainInsteadOfDiallingAnother() = PoolScript().run {
        borrow("ann");  expect("connect slot1")
        connected(1);   expect("ann gets slot1")
        release(1);     expect()
        borrow("bob");  expect("bob gets slot1")
    }

    @Test
    fun newestConnectionIsLentFirst() = PoolScript().run {
        borrow("ann");  expect("connect slot1")
        borrow("bob");  expect("connect slot2")
        connected(1)
        connected(2);   expect("ann gets slot1", "bob gets slot2")
        release(2)
        release(1)
        borrow("cat");  expect("cat gets slot1")
        borrow("dan");  expect("dan gets slot2")
    }

    @Test
    fun whoComesLaterDoesNotOvertakeWhoWaits() = PoolScript(maxConnections = 1).run {
        borrow("ann");  expect("connect slot1")
        connected(1);   expect("ann gets slot1")
        borrow("bob");  expect()
        assertFalse(tryBorrow("cat"))
        release(1);     expect("bob gets slot1")
        assertFalse(tryBorrow("cat"))
    }

    @Test
    fun tryBorrowNeverDials() = PoolScript().run {
        assertFalse(tryBorrow("ann")); expect()
        borrow("bob");                 expect("connect slot1")
        connected(1)
        release(1);                    expect("bob gets slot1")
        assertTrue(tryBorrow("ann"));  expect("ann gets slot1")
    }

    @Test
    fun cancelledCallerLosesHisPlaceAndNobodyElseDoes() = PoolScript(maxConnections = 1).run {
        borrow("ann");  expect("connect slot1")
        borrow("bob")
        borrow("cat")
        borrow("dan");  expect()
        cancel("bob")
        cancel("dan")
        connected(1);   expect("ann gets slot1")
        release(1);     expect("cat gets slot1")
        release(1);     expect()
        assertEquals(2, tally.cancelled)
    }

    @Test
    fun connectionOfACallerWhoGaveUpGoesToTheNext() = PoolScript(maxConnections = 1).run {
        borrow("ann");  expect("connect slot1")
        cancel("ann");  expect() // the dial is the pool's
        borrow("bob");  expect()
        connected(1);   expect("bob gets slot1")
    }

    @Test
    fun connectionThatNobodyWaitsForAnyMoreIsKept() = PoolScript().run {
        borrow("ann");  expect("connect slot1")
        cancel("ann")
        connected(1);   expect()
        borrow("bob");  expect("bob gets slot1")
    }

    @Test
    fun cancelThatComesAfterTheGrantChangesNothing() = PoolScript().run {
        borrow("ann");  expect("connect slot1")
        connected(1);   expect("ann gets slot1")
        cancel("ann");  expect()
        assertTrue(isLent(1)) // the shell gives it back
        release(1)
        borrow("bob");  expect("bob gets slot1")
        assertEquals(0, tally.cancelled)
    }

    @Test
    fun cancelOfACallerWhoWasNeverSeenChangesNothing() = PoolScript().run {
        cancel("ann");  expect()
        assertEquals(0, tally.cancelled)
    }

    @Test
    fun cancelComesTwiceAndCountsOnce() = PoolScript(maxConnections = 1).run {
        borrow("ann");  expect("connect slot1")
        cancel("ann")
        cancel("ann");  expect()
        assertEquals(1, tally.cancelled)
    }

    @Test
    fun callerIsRefusedWhereTooManyWait() = PoolScript(maxConnections = 1, maxWaiting = 1).run {
        borrow("ann");  expect("connect slot1")
        connected(1);   expect("ann gets slot1")
        borrow("bob");  expect()
        borrow("cat");  expect("cat is refused: TOO_MANY_WAITING")
        release(1);     expect("bob gets slot1")
        borrow("dan");  expect()
        assertEquals(1, tally.refused)
    }

    @Test
    fun callersForWhomADialIsUnderWayDoNotCountAsWaiting() = PoolScript(maxConnections = 2, maxWaiting = 1).run {
        borrow("ann");  expect("connect slot1")
        borrow("bob");  expect("connect slot2")
        borrow("cat");  expect()
        borrow("dan");  expect("dan is refused: TOO_MANY_WAITING")
    }

    @Test
    fun poolWithoutAQueueStillDials() = PoolScript(maxConnections = 1, maxWaiting = 0).run {
        borrow("ann");  expect("connect slot1")
        borrow("bob");  expect("bob is refused: TOO_MANY_WAITING")
        connected(1);   expect("ann gets slot1")
        borrow("cat");  expect("cat is refused: TOO_MANY_WAITING")
        release(1)
        borrow("dan");  expect("dan gets slot1")
    }

    @Test
    fun queueIsFullWhileDialsAreHeldBack() = PoolScript(maxConnections = 2, maxWaiting = 1).run {
        borrow("ann");    expect("connect slot1")
        connectFailed(1); expect()
        borrow("bob");    expect("bob is refused: TOO_MANY_WAITING")
    }

    @Test
    fun borrowsAreCountedByHowTheyWereServed() = PoolScript(maxConnections = 1).run {
        borrow("ann")
        connected(1);   expect("connect slot1", "ann gets slot1")
        release(1)
        borrow("bob");  expect("bob gets slot1")
        borrow("cat")
        release(1);     expect("cat gets slot1")
        assertEquals(3, tally.borrows)
        assertEquals(2, tally.borrowsAfterWaiting)
        assertEquals(2, tally.reused)
    }

    @Test
    fun callerWithoutTimeServesHimselfFromTheIdle() = PoolScript().run {
        borrow("ann", timeout = Duration.ZERO);   expect("ann is refused: TIMED_OUT")
        borrow("bob", timeout = 1.seconds)
        connected(1)
        release(1);                               expect("connect slot1", "bob gets slot1")
        borrow("cat", timeout = Duration.ZERO);   expect("cat gets slot1")
    }
}
