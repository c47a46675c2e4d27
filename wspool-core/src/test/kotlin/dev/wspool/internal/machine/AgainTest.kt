package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.time.Duration.Companion.seconds

/** A caller who was served with a connection that turned out unfit keeps his place. */
class AgainTest {
    @Test
    fun vetoedCallerStandsAtTheHead() = PoolScript(maxConnections = 1).run {
        borrow("ann");                      expect("connect slot1")
        connected(1);                       expect("ann gets slot1")
        borrow("bob");                      expect()
        borrowAgain("ann")
        release(1, ending = Ending.DIRTY);  expect("close slot1: DIRTY")
        lost(1);                            expect("connect slot2")
        connected(2);                       expect("ann gets slot2")
        release(2);                         expect("bob gets slot2")
    }

    @Test
    fun vetoedCallerTakesTheNextIdle() = PoolScript().run {
        open(2)
        borrow("ann");                      expect("ann gets slot2")
        borrowAgain("ann")
        release(2, ending = Ending.DIRTY);  expect("ann gets slot1", "close slot2: DIRTY")
    }

    @Test
    fun vetoedCallerKeepsHisDeadline() = PoolScript(maxConnections = 1).run {
        borrow("ann", timeout = 2.seconds);  expect("connect slot1")
        after(1.seconds)
        connected(1);                        expect("ann gets slot1")
        borrowAgain("ann", timeout = 1.seconds)
        release(1, ending = Ending.DIRTY);   expect("close slot1: DIRTY")
        after(1.seconds);                    expect("ann is refused: TIMED_OUT")
    }

    @Test
    fun vetoedCallerWhoseTimeIsOverIsRefused() = PoolScript(maxConnections = 1).run {
        borrow("ann");                            expect("connect slot1")
        connected(1);                             expect("ann gets slot1")
        borrowAgain("ann", timeout = 0.seconds);  expect("ann is refused: TIMED_OUT")
    }

    @Test
    fun vetoedCallerIsNeverOneTooMany() = PoolScript(maxConnections = 1, maxWaiting = 0).run {
        borrow("ann");                      expect("connect slot1")
        connected(1);                       expect("ann gets slot1")
        borrowAgain("ann");                 expect()
        release(1, ending = Ending.DIRTY);  expect("close slot1: DIRTY")
        lost(1);                            expect("connect slot2")
        connected(2);                       expect("ann gets slot2")
    }

    @Test
    fun drainWaitsForAVetoedCaller() = PoolScript().run {
        open(1)
        borrow("ann");                      expect("ann gets slot1")
        drain()
        borrowAgain("ann")
        release(1, ending = Ending.DIRTY);  expect("connect slot2", "close slot1: DIRTY")
        connected(2);                       expect("ann gets slot2")
        release(2);                         expect("close slot2: POOL_CLOSED")
        lost(1)
        lost(2);                            expect("ended")
    }

    @Test
    fun closedPoolRefusesAVetoedCaller() = PoolScript().run {
        open(1)
        borrow("ann");       expect("ann gets slot1")
        close();             expect("close slot1: POOL_CLOSED")
        borrowAgain("ann");  expect("ann is refused: CLOSED")
        lost(1);             expect("ended")
    }
}
