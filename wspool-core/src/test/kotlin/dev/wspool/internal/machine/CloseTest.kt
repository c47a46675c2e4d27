package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.time.Duration.Companion.seconds

/** The end that does not wait. */
class CloseTest {
    @Test
    fun poolThatHoldsNothingEndsAtOnce() = PoolScript().run {
        close();  expect("ended")
        close();  expect()
    }

    @Test
    fun closeEndsAllThatThereIs() = PoolScript(maxConnections = 3).run {
        borrow("ann");    expect("connect slot1")
        borrow("bob");    expect("connect slot2")
        connected(1)
        connected(2);     expect("ann gets slot1", "bob gets slot2")
        release(2)
        borrow("cat");    expect("cat gets slot2")
        borrow("dan");    expect("connect slot3")
        borrow("eve");    expect()
        release(2);       expect("dan gets slot2")
        release(1);       expect("eve gets slot1")
        release(1);       expect()
        borrow("fay");    expect("fay gets slot1")
        borrow("gus");    expect()
        release(1);       expect("gus gets slot1")
        release(1);       expect()
        close()
        expect("close slot1: POOL_CLOSED", "close slot2: POOL_CLOSED", "cancel connect slot3")
        connectFailed(3)
        lost(1);          expect()
        lost(2);          expect("ended")
    }

    @Test
    fun callersWhoWaitAreRefused() = PoolScript(maxConnections = 1).run {
        borrow("ann")
        borrow("bob", timeout = 5.seconds);  expect("connect slot1")
        close();            expect("ann is refused: CLOSED", "bob is refused: CLOSED", "cancel connect slot1")
        after(10.seconds);  expect()
        connectFailed(1);   expect("ended")
    }

    @Test
    fun secondCloseAndALateDrainChangeNothing() = PoolScript().run {
        borrow("ann")
        borrow("bob");     expect("connect slot1", "connect slot2")
        connected(1);      expect("ann gets slot1")
        close();           expect("bob is refused: CLOSED", "close slot1: POOL_CLOSED", "cancel connect slot2")
        close();           expect()
        drain(1.seconds);  expect()
        connectFailed(2)
        lost(1);           expect("ended")
    }

    @Test
    fun callersWhoComeLaterAreRefused() = PoolScript().run {
        close();                        expect("ended")
        borrow("ann");                  expect("ann is refused: CLOSED")
        assertFalse(tryBorrow("bob"));  expect()
    }

    @Test
    fun dialThatGoesWellInSpiteOfTheCloseIsClosed() = PoolScript().run {
        borrow("ann");  expect("connect slot1")
        close();        expect("ann is refused: CLOSED", "cancel connect slot1")
        connected(1);   expect("close slot1: POOL_CLOSED")
        lost(1);        expect("ended")
        assertEquals(1, tally.created)
        assertEquals(1, tally.destroyed(Ending.POOL_CLOSED))
    }

    @Test
    fun closeAbortsWhatDoesNotAnswerAndGivesUpWhatDoesNotEnd() = PoolScript().run {
        borrow("ann");      expect("connect slot1")
        borrow("bob");      expect("connect slot2")
        connected(1)
        connected(2);       expect("ann gets slot1", "bob gets slot2")
        close();            expect("close slot1: POOL_CLOSED", "close slot2: POOL_CLOSED")
        after(2.seconds);   expect("abort slot1", "abort slot2")
        lost(1);            expect()
        after(5.seconds);   expect("ended")
        assertEquals(1, tally.destroyed(Ending.POOL_CLOSED))
        assertEquals(1, tally.destroyed(Ending.ABANDONED))
    }

    @Test
    fun connectionThatWasClosingKeepsItsReason() = PoolScript().run {
        borrow("ann");                      expect("connect slot1")
        connected(1);                       expect("ann gets slot1")
        release(1, ending = Ending.DIRTY);  expect("close slot1: DIRTY")
        close();                            expect()
        lost(1);                            expect("ended")
        assertEquals(1, tally.destroyed(Ending.DIRTY))
    }

    @Test
    fun closedPoolKeepsNothingIdle() = PoolScript(minIdle = 2).run {
        expect("connect slot1", "connect slot2")
        connected(1)
        close();           expect("close slot1: POOL_CLOSED", "cancel connect slot2")
        lost(1);           expect()
        connectFailed(2);  expect("ended")
    }
}
