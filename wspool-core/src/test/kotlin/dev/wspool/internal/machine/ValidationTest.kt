package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** A connection that has been silent for a minute is proved before it is lent, within a second. */
class ValidationTest {
    @Test
    fun silentConnectionIsProvedBeforeItIsLent() = silent(1) {
        borrow("ann");  expect("ping slot1")
        pong(1);        expect("ann gets slot1")
    }

    @Test
    fun connectionThatIsNotSilentForLongIsLentAtOnce() = validating {
        open(1)
        after(60.seconds)
        borrow("ann");  expect("ann gets slot1") // its age is understated by a second
    }

    @Test
    fun pongIsAsGoodAsUse() = PoolScript(limits(pingInterval = 50.seconds, validateAfterIdle = 1.minutes)).run {
        open(1)
        after(45.seconds);  expect("ping slot1")
        pong(1)
        after(44.seconds);  expect()
        borrow("ann");      expect("ann gets slot1")
    }

    @Test
    fun nextIdleConnectionOrAFreshOneIsTriedWhereNoAnswerComes() = silent(2) {
        borrow("ann");             expect("ping slot2")
        after(999.milliseconds);   expect()
        after(1.milliseconds);     expect("abort slot2", "ping slot1") // the other is suspect
        pong(1);                   expect("ann gets slot1")
        lost(2)
        assertEquals(1, tally.destroyed(Ending.NO_PONG))
    }

    @Test
    fun freshConnectionIsDialledWhereNoneAnswers() = silent(1) {
        borrow("ann");      expect("ping slot1")
        after(1.seconds);   expect("abort slot1", "connect slot2")
        connected(2);       expect("ann gets slot2")
        pong(1);            expect() // too late
    }

    @Test
    fun callersDeadlineHoldsMeanwhile() = silent(1) {
        borrow("ann", timeout = 500.milliseconds);  expect("ping slot1")
        after(500.milliseconds);                    expect("ann is refused: TIMED_OUT")
        pong(1);                                    expect()
        borrow("bob");                              expect("bob gets slot1")
    }

    @Test
    fun connectionProvedForWhoHasGoneServesTheNext() = silent(1) {
        borrow("ann");   expect("ping slot1")
        cancel("ann")
        borrow("bob");   expect()
        pong(1);         expect("bob gets slot1")
    }

    @Test
    fun asManyAreProvedAsCallersWait() = silent(3) {
        borrow("ann");   expect("ping slot3")
        borrow("bob");   expect("ping slot2")
        pong(2);         expect("ann gets slot2")
        pong(3);         expect("bob gets slot3")
    }

    @Test
    fun oneThatNeedsNoProofIsLentFirst() = PoolScript(limits(validateAfterIdle = 1.minutes)).run {
        open(2)
        after(62.seconds)
        cannotPing(1)
        borrow("ann");   expect("ann gets slot1")
        borrow("bob");   expect("ping slot2")
    }

    @Test
    fun returnedConnectionServesWhoWaitsForAProof() = silent(2) {
        borrow("ann");   expect("ping slot2")
        pong(2);         expect("ann gets slot2")
        borrow("bob");   expect("ping slot1")
        release(2);      expect("bob gets slot2")
        pong(1);         expect()
    }

    @Test
    fun whoDoesNotWaitGetsNoneThatIsNotProvedAndHasOneProved() = silent(2) {
        assertFalse(tryBorrow("ann"));  expect("ping slot2")
        assertFalse(tryBorrow("bob"));  expect()
        pong(2)
        assertTrue(tryBorrow("cat"));   expect("cat gets slot2")
    }

    @Test
    fun messageThatComesInsteadOfTheAnswerIsUnsolicited() = silent(1) {
        borrow("ann");             expect("ping slot1")
        message(1);                expect("close slot1: UNSOLICITED")
        after(100.milliseconds);   expect("connect slot2")
    }

    @Test
    fun connectionThatIsLostInsteadIsReplaced() = silent(1) {
        borrow("ann");   expect("ping slot1")
        lost(1);         expect("connect slot2")
    }

    @Test
    fun whoWaitsForAProofIsNotOneTooMany() {
        PoolScript(limits(maxConnections = 1, maxWaiting = 0, validateAfterIdle = 1.minutes)).run {
            open(1)
            after(62.seconds)
            borrow("ann");   expect("ping slot1")
            borrow("bob");   expect("bob is refused: TOO_MANY_WAITING")
            pong(1);         expect("ann gets slot1")
        }
    }

    @Test
    fun proofIsNotAskedForInAPause() = silent(1) {
        pause()
        borrow("ann");   expect()
        resume();        expect("ping slot1")
        pong(1);         expect("ann gets slot1")
    }

    @Test
    fun drainWaitsForWhoWaitsForAProof() = silent(1) {
        borrow("ann");   expect("ping slot1")
        drain();         expect()
        pong(1);         expect("ann gets slot1")
        release(1);      expect("close slot1: POOL_CLOSED")
        lost(1);         expect("ended")
    }

    @Test
    fun closeEndsAProof() = silent(1) {
        borrow("ann");   expect("ping slot1")
        close();         expect("ann is refused: CLOSED", "close slot1: POOL_CLOSED")
        pong(1);         expect()
        lost(1);         expect("ended")
    }

    private fun validating(script: PoolScript.() -> Unit) =
        PoolScript(limits(maxConnections = 3, validateAfterIdle = 1.minutes)).run(script)

    /** With so many connections that have been silent for more than a minute. */
    private fun silent(count: Int, script: PoolScript.() -> Unit) = validating {
        open(count)
        after(62.seconds);  expect()
        script()
    }
}
