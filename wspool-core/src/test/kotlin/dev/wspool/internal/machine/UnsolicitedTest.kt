package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.ZERO
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** A message that nobody had asked for: the next user must not take it for an answer. */
class UnsolicitedTest {
    @Test
    fun idleConnectionThatSpeaksIsClosed() = PoolScript().run {
        borrow("ann");  expect("connect slot1")
        connected(1)
        release(1);     expect("ann gets slot1")
        message(1);     expect("close slot1: UNSOLICITED")
        lost(1);        expect()
        assertEquals(1, tally.destroyed(Ending.UNSOLICITED))
    }

    @Test
    fun messageThatOvertakesItsTurnKeepsTheConnectionFromBeingLent() = PoolScript().run {
        borrow("ann");            expect("connect slot1")
        borrow("bob");            expect("connect slot2")
        connected(1)
        connected(2);             expect("ann gets slot1", "bob gets slot2")
        release(1)
        release(2)
        messageBeforeTheTurn(2)
        borrow("cat");            expect("close slot2: UNSOLICITED", "cat gets slot1")
        message(2);               expect() // known already
    }

    @Test
    fun whoDoesNotWaitGetsTheNextThatIsQuiet() = PoolScript().run {
        borrow("ann");                  expect("connect slot1")
        borrow("bob");                  expect("connect slot2")
        connected(1)
        connected(2);                   expect("ann gets slot1", "bob gets slot2")
        release(1)
        release(2)
        messageBeforeTheTurn(2)
        assertTrue(tryBorrow("cat"));   expect("close slot2: UNSOLICITED", "cat gets slot1")
        assertFalse(tryBorrow("dan"));  expect()
    }

    @Test
    fun connectionThatWasFoundLoudByWhoIsRefusedIsReplaced() = PoolScript(minIdle = 1).run {
        expect("connect slot1")
        connected(1)
        messageBeforeTheTurn(1)
        borrow("ann", timeout = ZERO);  expect("close slot1: UNSOLICITED", "ann is refused: TIMED_OUT")
        after(100.milliseconds);        expect("connect slot2")
    }

    @Test
    fun whoInsistedOnOneThatIsFoundLoudComesBeforeWhoCameLater() = PoolScript(maxConnections = 2).run {
        val hard = Demand(key = "user-7", isHard = true)
        open(2)
        borrow("ann", demand = hard);  expect("ann gets slot2")
        borrow("bob");                 expect("bob gets slot1")
        pause()
        release(2)
        release(1)
        borrow("cat", demand = hard)
        borrow("dan", demand = Demand(key = "user-8"))
        messageBeforeTheTurn(2)
        resume();                      expect("close slot2: UNSOLICITED", "cat gets slot1")
    }

    @Test
    fun callerWhoFindsNoQuietConnectionWaitsForADial() = PoolScript(maxConnections = 1).run {
        borrow("ann");             expect("connect slot1")
        connected(1)
        release(1);                expect("ann gets slot1")
        messageBeforeTheTurn(1)
        borrow("bob");             expect("close slot1: UNSOLICITED")
        lost(1);                   expect() // not at once: the server may do it again
        after(100.milliseconds);   expect("connect slot2")
        connected(2);              expect("bob gets slot2")
    }

    @Test
    fun connectionThatSpeaksAsSoonAsItIsOpenIsClosed() = PoolScript(maxConnections = 2).run {
        borrow("ann");            expect("connect slot1")
        message(1);               expect()
        connected(1);             expect("close slot1: UNSOLICITED")
        after(99.milliseconds);   expect()
        after(1.milliseconds);    expect("connect slot2")
    }

    @Test
    fun messageForAUserIsHis() = PoolScript().run {
        borrow("ann");  expect("connect slot1")
        connected(1);   expect("ann gets slot1")
        message(1);     expect()
        assertTrue(isLent(1))
    }

    @Test
    fun messageThatWasReadBeforeItsTurnIsNobodysComplaint() = PoolScript().run {
        borrow("ann");            expect("connect slot1")
        connected(1);             expect("ann gets slot1")
        messageBeforeTheTurn(1)
        read(1)
        release(1)
        messageTurn(1);           expect()
        borrow("bob");            expect("bob gets slot1")
    }

    @Test
    fun messageOfAConnectionThatClosesIsIgnored() = PoolScript().run {
        borrow("ann");                      expect("connect slot1")
        connected(1);                       expect("ann gets slot1")
        release(1, ending = Ending.DIRTY);  expect("close slot1: DIRTY")
        message(1);                         expect()
        lost(1)
        message(1);                         expect()
        assertEquals(0, tally.destroyed(Ending.UNSOLICITED))
    }

    @Test
    fun messageDoesNotHideTheLastFailureToConnect() = PoolScript(maxConnections = 1).run {
        borrow("ann");             expect("connect slot1")
        connectFailed(1)
        after(100.milliseconds);   expect("connect slot2")
        message(2)
        connected(2);              expect("close slot2: UNSOLICITED")
        assertEquals(ConnectFailure(1), lastFailure)
    }

    @Test
    fun serverThatGreetsEachConnectionIsAskedEverMoreSeldom() = PoolScript(maxConnections = 1).run {
        borrow("ann");  expect("connect slot1")
        listOf(100, 200, 400, 800, 1600, 3200, 5000, 5000).forEachIndexed { before, delay ->
            message(before + 1)
            connected(before + 1);            expect("close slot${before + 1}: UNSOLICITED")
            lost(before + 1)
            after((delay - 1).milliseconds);  expect()
            after(1.milliseconds);            expect("connect slot${before + 2}")
        }
    }

    @Test
    fun idleConnectionThatSpeaksIsReplacedAfterADelay() = PoolScript(maxConnections = 2, minIdle = 1).run {
        expect("connect slot1")
        connected(1)
        message(1);      expect("close slot1: UNSOLICITED")
        after(1.seconds); expect("connect slot2")
    }

    @Test
    fun poolIsReadyOnceACallerWasServedAndSaysSo() = PoolScript(maxConnections = 1).run {
        borrow("ann");            expect("connect slot1")
        message(1)
        connected(1);             expect("close slot1: UNSOLICITED")
        lost(1)
        after(100.milliseconds);  expect("connect slot2")
        connected(2);             expect("ann gets slot2")
        assertFalse(isReady) // whether it speaks unasked is still to be seen
        val before = readinessChanges
        release(2)
        assertTrue(isReady)
        assertTrue(readinessChanges > before)
    }

    @Test
    fun messageThatThePolicyHasAWayForKeepsTheConnection() = PoolScript(maxConnections = 1).run {
        open(1)
        forgive(1)
        message(1);               expect()
        messageBeforeTheTurn(1)
        borrow("ann");            expect("ann gets slot1")
    }
}
