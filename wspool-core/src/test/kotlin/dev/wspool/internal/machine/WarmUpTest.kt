package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Connections ahead of demand, once, and how many of them came to be. */
class WarmUpTest {
    @Test
    fun soManyAreDialled() = PoolScript().run {
        warmUp("morning", 3);  expect("connect slot1", "connect slot2", "connect slot3")
        connected(2)
        connected(1);          expect()
        connected(3);          expect("morning is over: 3 ready")
        assertEquals(emptyList(), failuresOf("morning"))
    }

    @Test
    fun whatIsThereCounts() = PoolScript().run {
        open(2)
        borrow("ann");         expect("ann gets slot2")
        warmUp("morning", 3);  expect("connect slot3")
        connected(3);          expect("morning is over: 3 ready")
    }

    @Test
    fun poolThatIsWarmSaysSoAtOnce() = PoolScript().run {
        open(2)
        warmUp("morning", 2);  expect("morning is over: 2 ready")
        warmUp("nothing", 0);  expect("nothing is over: 2 ready")
    }

    @Test
    fun eachFailureIsToldWithItsCause() = PoolScript().run {
        warmUp("morning", 3);  expect("connect slot1", "connect slot2", "connect slot3")
        connectFailed(1)
        connected(2)
        connectFailed(3);      expect("morning is over: 1 ready")
        assertEquals(listOf<Throwable>(ConnectFailure(1), ConnectFailure(3)), failuresOf("morning"))
        after(10.seconds);     expect()
    }

    @Test
    fun serverThatIsDownEndsIt() = PoolScript(limits(dials = dials(maxConcurrentConnects = 1))).run {
        warmUp("morning", 3);      expect("connect slot1")
        connectFailed(1)
        after(100.milliseconds);   expect("connect slot2")
        connectFailed(2)
        after(200.milliseconds);   expect("connect slot3")
        connectFailed(3);          expect("morning is over: 0 ready")
    }

    @Test
    fun moreThanIsAllowedIsNotWaitedFor() = PoolScript(maxConnections = 2).run {
        warmUp("morning", 5);  expect("connect slot1", "connect slot2")
        connected(1)
        connected(2);          expect("morning is over: 2 ready")
    }

    @Test
    fun connectionThatACallerTakesCounts() = PoolScript(maxConnections = 2).run {
        warmUp("morning", 2);  expect("connect slot1", "connect slot2")
        connected(1)
        borrow("ann");         expect("ann gets slot1")
        connected(2);          expect("morning is over: 2 ready")
    }

    @Test
    fun twoWishesShareTheirDials() = PoolScript().run {
        warmUp("small", 1);  expect("connect slot1")
        warmUp("great", 3);  expect("connect slot2", "connect slot3")
        connected(1);        expect("small is over: 1 ready")
        connected(2)
        connected(3);        expect("great is over: 3 ready")
    }

    @Test
    fun connectionThatIsLostMeanwhileIsNotDialledAgain() = PoolScript().run {
        warmUp("morning", 2);  expect("connect slot1", "connect slot2")
        connected(1)
        lost(1);               expect()
        connected(2);          expect("morning is over: 1 ready")
    }

    @Test
    fun connectionsThatAreProvedMeanwhileCount() = PoolScript().run {
        open(2)
        suspectAll();          expect("ping slot1", "ping slot2")
        warmUp("morning", 2);  expect()
        pong(1);               expect()
        pong(2);               expect("morning is over: 2 ready")
    }

    @Test
    fun dialThatIsCalledOffIsMadeAgain() = PoolScript().run {
        warmUp("morning", 1);                         expect("connect slot1")
        retireAll(Ending.ROTATED, dialsToo = true);   expect("cancel connect slot1")
        connectFailed(1);                             expect("connect slot2")
        connected(2);                                 expect("morning is over: 1 ready")
        assertEquals(emptyList(), failuresOf("morning"))
    }

    @Test
    fun pauseHoldsItUp() = PoolScript().run {
        pause()
        warmUp("morning", 1);  expect()
        resume();              expect("connect slot1")
        connected(1);          expect("morning is over: 1 ready")
    }

    @Test
    fun closeEndsIt() = PoolScript().run {
        warmUp("morning", 1);  expect("connect slot1")
        close();               expectInAnyOrder("morning is over: 0 ready", "cancel connect slot1")
        warmUp("evening", 1);  expect("evening is over: 0 ready")
        connectFailed(1);      expect("ended")
    }

    @Test
    fun drainEndsIt() = PoolScript().run {
        open(1)
        borrow("ann");         expect("ann gets slot1")
        warmUp("morning", 2);  expect("connect slot2")
        drain();               expect("morning is over: 1 ready")
        warmUp("evening", 3);  expect("evening is over: 1 ready")
        connected(2);          expect("close slot2: POOL_CLOSED")
        release(1);            expect("close slot1: POOL_CLOSED")
        lost(1)
        lost(2);               expect("ended")
    }

    @Test
    fun greetingOfTheServerEndsIt() = PoolScript(maxConnections = 1).run {
        warmUp("morning", 1);  expect("connect slot1")
        message(1)
        connected(1);          expect("close slot1: UNSOLICITED", "morning is over: 0 ready")
    }
}
