package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** A server that says for how long it wants to be left alone is. */
class RetryAfterTest {
    @Test
    fun noDialIsMadeBeforeTheServerWantsOne() = PoolScript(maxConnections = 1).run {
        borrow("ann");                              expect("connect slot1")
        connectFailed(1, retryAfter = 1.minutes);   expect()
        after(1.minutes - 1.milliseconds);          expect()
        after(1.milliseconds);                      expect("connect slot2")
    }

    @Test
    fun longerDelayOfOurOwnHolds() = PoolScript(maxConnections = 1).run {
        borrow("ann");                                    expect("connect slot1")
        connectFailed(1, retryAfter = 50.milliseconds);   expect()
        after(99.milliseconds);                           expect()
        after(1.milliseconds);                            expect("connect slot2")
    }

    @Test
    fun longestOfSeveralAnswersHolds() = PoolScript(maxConnections = 2).run {
        borrow("ann")
        borrow("bob");                             expect("connect slot1", "connect slot2")
        connectFailed(1, retryAfter = 1.minutes)
        connectFailed(2, retryAfter = 2.seconds);  expect()
        after(59.seconds);                         expect()
        after(1.seconds);                          expect("connect slot3")
    }

    @Test
    fun dialThatWasUnderWayAndGoesWellDoesNotAnswerForTheServer() = PoolScript(maxConnections = 3).run {
        borrow("ann")
        borrow("bob");                              expect("connect slot1", "connect slot2")
        connectFailed(1, retryAfter = 1.minutes);   expect()
        connected(2);                               expect("ann gets slot2")
        after(59.seconds);                          expect()
        after(1.seconds);                           expect("connect slot3")
    }

    @Test
    fun callerIsNotKeptBeyondHisDeadline() = PoolScript(maxConnections = 1).run {
        borrow("ann", timeout = 2.seconds);         expect("connect slot1")
        connectFailed(1, retryAfter = 1.minutes);   expect()
        after(2.seconds);                           expect("ann is refused: TIMED_OUT")
        after(2.minutes);                           expect()
    }

    @Test
    fun resetDialsAtOnce() = PoolScript(maxConnections = 1).run {
        borrow("ann");                              expect("connect slot1")
        connectFailed(1, retryAfter = 1.minutes);   expect()
        retireAll();                                expect("connect slot2")
    }

    @Test
    fun holdEndsOnceItIsOver() = PoolScript(maxConnections = 2).run {
        borrow("ann");                              expect("connect slot1")
        connectFailed(1, retryAfter = 1.minutes)
        after(1.minutes);                           expect("connect slot2")
        connected(2);                               expect("ann gets slot2")
        borrow("bob");                              expect("connect slot3")
    }
}
