package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** In a pause nothing is dialled and nothing is lent; callers wait to their deadline. */
class PauseTest {
    @Test
    fun nothingIsDialledInAPause() = PoolScript().run {
        pause()
        borrow("ann");      expect()
        after(1.minutes);   expect()
        resume();           expect("connect slot1")
    }

    @Test
    fun nothingIsLentInAPause() = PoolScript().run {
        open(1)
        pause()
        assertFalse(tryBorrow("ann"))
        borrow("bob");      expect()
        resume();           expect("bob gets slot1")
    }

    @Test
    fun callerWaitsToHisDeadline() = PoolScript().run {
        open(1)
        pause()
        borrow("ann", timeout = 2.seconds)
        after(2.seconds);   expect("ann is refused: TIMED_OUT")
        resume();           expect()
    }

    @Test
    fun callersAreServedInTheirOrderAfterIt() = PoolScript(maxConnections = 2).run {
        open(2)
        pause()
        borrow("ann")
        borrow("bob")
        borrow("cat");      expect()
        resume();           expect("ann gets slot2", "bob gets slot1")
        release(1);         expect("cat gets slot1")
    }

    @Test
    fun whatComesBackIsKept() = PoolScript(maxConnections = 1).run {
        borrow("ann");      expect("connect slot1")
        connected(1);       expect("ann gets slot1")
        borrow("bob")
        pause()
        release(1);         expect()
        resume();           expect("bob gets slot1")
    }

    @Test
    fun dialThatWasUnderWayIsKept() = PoolScript().run {
        borrow("ann");      expect("connect slot1")
        pause()
        connected(1);       expect()
        resume();           expect("ann gets slot1")
    }

    @Test
    fun queueIsAsLongAsItMayBe() = PoolScript(maxWaiting = 1).run {
        pause()
        borrow("ann");      expect()
        borrow("bob");      expect("bob is refused: TOO_MANY_WAITING")
        resume();           expect("connect slot1")
    }

    @Test
    fun idleAreNotReplacedInAPause() = PoolScript(minIdle = 1).run {
        expect("connect slot1")
        connected(1)
        pause()
        lost(1)
        after(1.minutes);   expect()
        resume();           expect("connect slot2")
    }

    @Test
    fun idleTimeGoesOn() = PoolScript(maxIdleTime = 1.minutes).run {
        open(1)
        pause()
        after(62.seconds);  expect("close slot1: IDLE_TOO_LONG")
    }

    @Test
    fun resumeForgivesWhatHadFailed() = PoolScript().run {
        borrow("ann");      expect("connect slot1")
        connectFailed(1);   expect()
        pause()
        resume();           expect("connect slot2")
    }

    @Test
    fun pausedPoolIsNotReady() = PoolScript().run {
        assertTrue(isReady)
        pause()
        assertFalse(isReady)
        resume()
        assertTrue(isReady)
    }

    @Test
    fun drainEndsThePauseForWhoWaits() = PoolScript().run {
        pause()
        borrow("ann")
        drain();            expect("connect slot1")
        connected(1);       expect("ann gets slot1")
        release(1);         expect("close slot1: POOL_CLOSED")
        lost(1);            expect("ended")
    }

    @Test
    fun pausedPoolCanBeClosed() = PoolScript().run {
        open(1)
        pause()
        borrow("ann")
        close();            expect("ann is refused: CLOSED", "close slot1: POOL_CLOSED")
        resume();           expect()
        lost(1);            expect("ended")
    }

    @Test
    fun resumeWithoutAPauseForgivesWhatHadFailed() = PoolScript().run {
        borrow("ann");      expect("connect slot1")
        connectFailed(1)
        resume();           expect("connect slot2")
    }
}
