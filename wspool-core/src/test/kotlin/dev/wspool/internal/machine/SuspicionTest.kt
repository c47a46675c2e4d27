package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** What has befallen one connection may have befallen the others. */
class SuspicionTest {
    private val suspicious = Aftermath(isSuspicious = true)

    @Test
    fun idleSiblingsAreProvedBeforeTheyAreLent() = PoolScript(maxConnections = 3).run {
        open(3)
        lost(1, suspicious);  expectInAnyOrder("ping slot2", "ping slot3")
        borrow("ann");        expect()
        pong(3);              expect("ann gets slot3")
        pong(2);              expect()
    }

    @Test
    fun siblingThatDoesNotAnswerIsAborted() = PoolScript(maxConnections = 2).run {
        open(2)
        lost(1, suspicious);  expect("ping slot2")
        after(1.seconds);     expect("abort slot2")
        lost(2)
        assertEquals(1, tally.destroyed(Ending.NO_PONG))
    }

    @Test
    fun missingPongMakesTheOthersSuspect() = PoolScript(limits(maxConnections = 2, pingInterval = 20.seconds)).run {
        open(1)
        after(18.seconds);  expect("ping slot1")
        borrow("ann")
        borrow("bob");      expect("ann gets slot1", "connect slot2")
        connected(2)
        release(2);         expect("bob gets slot2")
        after(5.seconds);   expect("abort slot1", "ping slot2")
        assertFalse(tryBorrow("cat"))
    }

    @Test
    fun leasedSiblingIsPingedAndStaysInItsUsersHands() = PoolScript(maxConnections = 2).run {
        open(2)
        borrow("ann");        expect("ann gets slot2")
        lost(1, suspicious);  expect("ping slot2")
        heard(2)
        after(5.seconds);     expect()
        assertTrue(isLent(2))
    }

    @Test
    fun leasedSiblingThatDoesNotAnswerIsAborted() = PoolScript(maxConnections = 2).run {
        open(2)
        borrow("ann");        expect("ann gets slot2")
        lost(1, suspicious);  expect("ping slot2")
        after(5.seconds);     expect("abort slot2")
    }

    @Test
    fun siblingThatCannotBePingedIsTrusted() = PoolScript(maxConnections = 2).run {
        open(2)
        cannotPing(2)
        lost(1, suspicious);  expect()
        borrow("ann");        expect("ann gets slot2")
    }

    @Test
    fun ordinaryEndMakesNobodySuspect() = PoolScript(maxConnections = 2).run {
        open(2)
        lost(1);        expect()
        borrow("ann");  expect("ann gets slot2")
    }

    @Test
    fun endThatWasExpectedMakesNobodySuspect() = PoolScript(maxConnections = 2).run {
        open(2)
        borrow("ann")
        release(2, ending = Ending.DIRTY);  expect("ann gets slot2", "close slot2: DIRTY")
        lost(2, suspicious);                expect()
        assertEquals(1, tally.destroyed(Ending.DIRTY))
    }

    @Test
    fun noMoreIsDialledForTheIdleWhileTheyAreProved() = PoolScript(maxConnections = 4, minIdle = 2).run {
        expect("connect slot1", "connect slot2")
        connected(1)
        connected(2)
        suspectAll();      expect("ping slot1", "ping slot2")
        pong(1)
        after(1.seconds);  expect("abort slot2", "ping slot1", "connect slot3")
    }

    @Test
    fun afterATimeJumpAllAreProvedBeforeLending() = PoolScript(maxConnections = 3).run {
        open(2)
        borrow("ann");                  expect("ann gets slot2")
        suspectAll();                   expect("ping slot1", "ping slot2")
        assertFalse(tryBorrow("bob"));  expect()
        pong(1)
        assertTrue(tryBorrow("bob"));   expect("bob gets slot1")
    }

    @Test
    fun poolIsReadyAgainAndSaysSoWhenItsConnectionsAreProved() = PoolScript(minIdle = 1).run {
        expect("connect slot1")
        connected(1)
        assertTrue(isReady)
        suspectAll();                   expect("ping slot1")
        assertFalse(isReady)
        val before = readinessChanges
        pong(1)
        assertTrue(isReady)
        assertTrue(readinessChanges > before)
    }

    @Test
    fun suspectThatHasBeenHeardOfIsLentAgain() = PoolScript(maxConnections = 1).run {
        open(1)
        borrow("ann");     expect("ann gets slot1")
        suspectAll();      expect("ping slot1")
        heard(1)
        release(1)
        borrow("bob");     expect("bob gets slot1")
        after(5.seconds);  expect()
    }

    @Test
    fun suspectThatComesBackUnprovedIsNotLentAgainBeforeItHasAnswered() = PoolScript(maxConnections = 1).run {
        open(1)
        borrow("ann");     expect("ann gets slot1")
        suspectAll();      expect("ping slot1")
        release(1)
        borrow("bob");     expect()
        pong(1);           expect("bob gets slot1")
        release(1)
        borrow("cat");     expect("cat gets slot1") // in doubt no more
    }

    @Test
    fun suspectThatComesBackAndDoesNotAnswerIsAborted() = PoolScript(maxConnections = 1).run {
        open(1)
        borrow("ann");     expect("ann gets slot1")
        suspectAll();      expect("ping slot1")
        borrow("bob")
        release(1);        expect()
        after(5.seconds);  expect("abort slot1")
        lost(1);           expect("connect slot2")
    }

    @Test
    fun doubtEndsWithTheAnswerThatCameWhileLent() = PoolScript(maxConnections = 1).run {
        open(1)
        borrow("ann");     expect("ann gets slot1")
        suspectAll();      expect("ping slot1")
        pong(1)
        release(1)
        borrow("bob");     expect("bob gets slot1")
    }

    @Test
    fun proofMeetsTheEndOfALife() = PoolScript(limits(maxConnections = 1, maxLifetime = 10.seconds)).run {
        open(1)
        after(9.seconds + 500.milliseconds);  expect()
        suspectAll();               expect("ping slot1")
        after(500.milliseconds)
        pong(1);                    expect("close slot1: LIFETIME")
    }
}
