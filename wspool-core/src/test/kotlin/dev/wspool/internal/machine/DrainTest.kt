package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.test.assertFalse
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** The end that lets users finish. */
class DrainTest {
    @Test
    fun poolThatIsNotInUseClosesAtOnce() = PoolScript(minIdle = 1).run {
        expect("connect slot1")
        connected(1)
        drain();  expect("close slot1: POOL_CLOSED")
        lost(1);  expect("ended")
    }

    @Test
    fun poolThatHoldsNothingEndsAtOnce() = PoolScript().run {
        drain();  expect("ended")
    }

    @Test
    fun leasesAreWaitedForAndIdleConnectionsAreNot() = PoolScript().run {
        borrow("ann")
        borrow("bob");   expect("connect slot1", "connect slot2")
        connected(1)
        connected(2);    expect("ann gets slot1", "bob gets slot2")
        release(2)
        drain();         expect("close slot2: POOL_CLOSED")
        lost(2);         expect()
        release(1);      expect("close slot1: POOL_CLOSED")
        lost(1);         expect("ended")
    }

    @Test
    fun whoWaitsIsServedFirst() = PoolScript(maxConnections = 1).run {
        borrow("ann");  expect("connect slot1")
        connected(1);   expect("ann gets slot1")
        borrow("bob");  expect()
        drain();        expect()
        release(1);     expect("bob gets slot1")
        release(1);     expect("close slot1: POOL_CLOSED")
        lost(1);        expect("ended")
    }

    @Test
    fun whoComesLaterIsRefused() = PoolScript().run {
        borrow("ann");                  expect("connect slot1")
        connected(1);                   expect("ann gets slot1")
        drain();                        expect()
        borrow("bob");                  expect("bob is refused: DRAINING")
        assertFalse(tryBorrow("cat"));  expect()
        release(1);                     expect("close slot1: POOL_CLOSED")
    }

    @Test
    fun dialsForWhoWaitsGoOn() = PoolScript(maxConnections = 1).run {
        borrow("ann");            expect("connect slot1")
        drain();                  expect()
        connectFailed(1);         expect()
        after(100.milliseconds);  expect("connect slot2")
        connected(2);             expect("ann gets slot2")
        release(2);               expect("close slot2: POOL_CLOSED")
        lost(2);                  expect("ended")
    }

    @Test
    fun dialThatNobodyWaitsForIsGivenUp() = PoolScript(minIdle = 1).run {
        expect("connect slot1")
        drain();           expect("cancel connect slot1")
        connectFailed(1);  expect("ended")
    }

    @Test
    fun nothingIsDialledToBeKeptIdle() = PoolScript(maxConnections = 3, minIdle = 1).run {
        expect("connect slot1")
        connected(1)
        borrow("ann");      expect("ann gets slot1")
        drain();            expect()
        after(10.seconds);  expect()
        release(1);         expect("close slot1: POOL_CLOSED")
        lost(1);            expect("ended")
    }

    @Test
    fun dialThatComesTooLateForItsCallerIsClosed() = PoolScript().run {
        borrow("ann")
        borrow("bob");  expect("connect slot1", "connect slot2")
        connected(1);   expect("ann gets slot1")
        drain()
        cancel("bob");  expect()
        connected(2);   expect("close slot2: POOL_CLOSED")
        release(1);     expect("close slot1: POOL_CLOSED")
        lost(1)
        lost(2);        expect("ended")
    }

    @Test
    fun poolClosesWhenItsTimeIsUp() = PoolScript(maxConnections = 1).run {
        borrow("ann");            expect("connect slot1")
        connected(1);             expect("ann gets slot1")
        borrow("bob");            expect()
        drain(3.seconds);         expect()
        after(2999.milliseconds); expect()
        after(1.milliseconds);    expect("bob is refused: CLOSED", "close slot1: POOL_CLOSED")
        lost(1);                  expect("ended")
    }

    @Test
    fun drainWithoutTimeClosesAtOnce() = PoolScript().run {
        borrow("ann");         expect("connect slot1")
        connected(1);          expect("ann gets slot1")
        drain(Duration.ZERO);  expect("close slot1: POOL_CLOSED")
    }

    @Test
    fun shorterOfTwoDrainsCounts() = PoolScript().run {
        borrow("ann");      expect("connect slot1")
        connected(1);       expect("ann gets slot1")
        drain(10.seconds)
        drain(3.seconds)
        drain();            expect()
        after(3.seconds);   expect("close slot1: POOL_CLOSED")
    }

    @Test
    fun lastCallerWhoGivesUpEndsTheDrain() = PoolScript(maxConnections = 1).run {
        borrow("ann");     expect("connect slot1")
        drain();           expect()
        cancel("ann");     expect("cancel connect slot1")
        connectFailed(1);  expect("ended")
    }

    @Test
    fun lastCallerWhoTimesOutEndsTheDrain() = PoolScript(maxConnections = 1).run {
        borrow("ann", timeout = 1.seconds);  expect("connect slot1")
        drain();                             expect()
        after(1.seconds);                    expect("ann is refused: TIMED_OUT", "cancel connect slot1")
        connectFailed(1);                    expect("ended")
    }

    @Test
    fun lastLeaseThatIsLostOrDetachedEndsTheDrain() = PoolScript().run {
        borrow("ann")
        borrow("bob");  expect("connect slot1", "connect slot2")
        connected(1)
        connected(2);   expect("ann gets slot1", "bob gets slot2")
        drain()
        lost(1);        expect()
        detach(2);      expect("ended")
    }

    @Test
    fun failureThatWillNotHealEndsTheDrain() = PoolScript().run {
        borrow("ann");                         expect("connect slot1")
        drain();                               expect()
        connectFailed(1, isPermanent = true);  expect("ann is refused: CONNECT_FAILED", "ended")
    }

    @Test
    fun closeEndsADrain() = PoolScript().run {
        borrow("ann");       expect("connect slot1")
        connected(1);        expect("ann gets slot1")
        drain(3.seconds);    expect()
        close();             expect("close slot1: POOL_CLOSED")
        drain();             expect()
        lost(1);             expect("ended")
        after(10.seconds);   expect()
    }
}
