package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** How a lease ends, once. */
class ReturnTest {
    @Test
    fun connectionThatComesBackDirtyIsClosed() = PoolScript().run {
        borrow("ann");                      expect("connect slot1")
        connected(1);                       expect("ann gets slot1")
        release(1, ending = Ending.DIRTY);  expect("close slot1: DIRTY")
        borrow("bob");                      expect("connect slot2")
        lost(1);                            expect()
        assertEquals(1, tally.destroyed(Ending.DIRTY))
        assertEquals(0, tally.destroyed(Ending.LOST))
    }

    @Test
    fun connectionThatIsInvalidatedIsClosed() = PoolScript().run {
        borrow("ann");                            expect("connect slot1")
        connected(1);                             expect("ann gets slot1")
        release(1, ending = Ending.INVALIDATED);  expect("close slot1: INVALIDATED")
        lost(1);                                  expect()
        assertEquals(1, tally.destroyed(Ending.INVALIDATED))
    }

    @Test
    fun secondReleaseOfALeaseIsIgnored() = PoolScript().run {
        borrow("ann");  expect("connect slot1")
        connected(1);   expect("ann gets slot1")
        release(1)
        release(1);     expect()
        assertEquals(1, tally.late)
        borrow("bob");  expect("bob gets slot1")
        borrow("cat");  expect("connect slot2")
    }

    @Test
    fun leaseThatHasEndedCannotEndItsSuccessor() = PoolScript(maxConnections = 1).run {
        borrow("ann");                             expect("connect slot1")
        connected(1);                              expect("ann gets slot1")
        borrow("bob");                             expect()
        release(1);                                expect("bob gets slot1")
        release(1, use = 1);                       expect()
        release(1, use = 1, Ending.INVALIDATED);   expect()
        assertFalse(detach(1, use = 1));           expect()
        assertTrue(isLent(1))
        assertEquals(2, tally.late)
        release(1, use = 2);                       expect()
        assertFalse(isLent(1))
    }

    @Test
    fun releaseAfterTheConnectionWasLostIsIgnored() = PoolScript().run {
        borrow("ann");                      expect("connect slot1")
        connected(1);                       expect("ann gets slot1")
        lost(1)
        release(1);                         expect()
        release(1, ending = Ending.DIRTY);  expect()
        assertEquals(2, tally.late)
        assertEquals(1, tally.destroyed(Ending.LOST))
    }

    @Test
    fun releaseAfterCloseIsIgnored() = PoolScript().run {
        borrow("ann");  expect("connect slot1")
        connected(1);   expect("ann gets slot1")
        close();        expect("close slot1: POOL_CLOSED")
        release(1);     expect()
        assertEquals(1, tally.late)
        lost(1);        expect("ended")
    }

    @Test
    fun detachedConnectionLeavesItsPlaceToTheNext() = PoolScript(maxConnections = 1).run {
        borrow("ann");          expect("connect slot1")
        connected(1);           expect("ann gets slot1")
        borrow("bob");          expect()
        assertTrue(detach(1));  expect("connect slot2")
        assertEquals(1, tally.destroyed(Ending.DETACHED))
        lost(1);                expect() // its owner's affair
        assertEquals(1, tally.late)
    }

    @Test
    fun connectionIsDetachedOnce() = PoolScript().run {
        borrow("ann");           expect("connect slot1")
        connected(1);            expect("ann gets slot1")
        assertTrue(detach(1))
        assertFalse(detach(1));  expect()
        release(1);              expect()
        assertEquals(1, tally.destroyed(Ending.DETACHED))
    }

    @Test
    fun connectionThatIsIdleIsNobodysToDetach() = PoolScript().run {
        borrow("ann");           expect("connect slot1")
        connected(1)
        release(1);              expect("ann gets slot1")
        assertFalse(detach(1));  expect()
        borrow("bob");           expect("bob gets slot1")
    }

    @Test
    fun detachAfterCloseComesTooLate() = PoolScript().run {
        borrow("ann");           expect("connect slot1")
        connected(1);            expect("ann gets slot1")
        close();                 expect("close slot1: POOL_CLOSED")
        assertFalse(detach(1));  expect()
        lost(1);                 expect("ended")
    }
}
