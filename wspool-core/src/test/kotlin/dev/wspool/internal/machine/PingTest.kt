package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Who is silent is pinged, and who does not answer is not there. Chance is 1: pings come a tenth of their interval sooner. */
class PingTest {
    @Test
    fun silentConnectionIsPinged() = pinging {
        open(1)
        after(17_999.milliseconds);  expect()
        after(1.milliseconds);       expect("ping slot1")
    }

    @Test
    fun connectionThatAnswersIsPingedAgain() = pinging {
        open(1)
        repeat(5) {
            after(18.seconds);  expect("ping slot1") // counted from ping to ping, not from the time that the answer has
            pong(1)
        }
    }

    @Test
    fun missingPongAbortsTheConnection() = pinging {
        open(1)
        after(18.seconds);          expect("ping slot1")
        after(4_999.milliseconds);  expect()
        after(1.milliseconds);      expect("abort slot1")
        lost(1)
        assertEquals(1, tally.destroyed(Ending.NO_PONG))
    }

    @Test
    fun anythingThatIsHeardIsAnAnswer() = pinging {
        borrow("ann");          expect("connect slot1")
        connected(1);           expect("ann gets slot1")
        after(18.seconds);      expect("ping slot1")
        heard(1)
        after(17.seconds);      expect()
        after(1.seconds);       expect("ping slot1")
    }

    @Test
    fun connectionThatSpeaksIsNotPinged() = pinging {
        borrow("ann");          expect("connect slot1")
        connected(1);           expect("ann gets slot1")
        repeat(10) {
            after(17.seconds)
            heard(1)
        }
        expect()
    }

    @Test
    fun leasedConnectionIsPingedToo() = pinging {
        borrow("ann");          expect("connect slot1")
        connected(1);           expect("ann gets slot1")
        after(18.seconds);      expect("ping slot1")
        after(5.seconds);       expect("abort slot1")
        release(1);             expect() // its lease has ended
    }

    @Test
    fun connectionWhoseHolderReadsNothingIsNotJudged() = pinging {
        borrow("ann");          expect("connect slot1")
        connected(1);           expect("ann gets slot1")
        parked(1)
        after(60.seconds);      expect()
        parked(1, isParked = false)
        after(12.seconds);      expect("ping slot1") // 18 s after the machine last looked
        parked(1)
        after(5.seconds);       expect()
    }

    @Test
    fun pingUnderWayDoesNotKeepAConnectionFromBeingLent() = pinging {
        open(1)
        after(18.seconds);      expect("ping slot1")
        borrow("ann");          expect("ann gets slot1")
        after(5.seconds);       expect("abort slot1")
    }

    @Test
    fun pongThatComesWhileLentCounts() = pinging {
        open(1)
        after(18.seconds);      expect("ping slot1")
        borrow("ann");          expect("ann gets slot1")
        pong(1)
        release(1)
        after(5.seconds);       expect()
    }

    @Test
    fun connectionWithoutPingsIsLeftAlone() = pinging {
        borrow("ann");          expect("connect slot1")
        cannotPing(1)
        connected(1);           expect("ann gets slot1")
        after(60.seconds);      expect()
    }

    @Test
    fun pingsOfConnectionsThatWereOpenedTogetherAreSpread() = PoolScript(limits(pingInterval = 20.seconds)).run {
        borrow("ann")
        borrow("bob");          expect("connect slot1", "connect slot2")
        connected(1)
        chance = 0.5
        connected(2);           expect("ann gets slot1", "bob gets slot2")
        after(18.seconds);      expect("ping slot1")
        after(1.seconds);       expect("ping slot2")
    }

    @Test
    fun pingsThatAreDueAboutTheSameTimeAreMadeTogether() = PoolScript(limits(pingInterval = 20.seconds)).run {
        borrow("ann")
        borrow("bob");                 expect("connect slot1", "connect slot2")
        connected(1)
        after(99.milliseconds)
        connected(2);                  expect("ann gets slot1", "bob gets slot2")
        after(17_901.milliseconds);    expect("ping slot1", "ping slot2")
    }

    @Test
    fun poolThatDoesNotPingSleeps() = PoolScript().run {
        open(1)
        after(1.seconds)
        assertEquals(Duration.INFINITE, nextTick)
    }

    @Test
    fun connectionThatClosesIsNotPinged() = pinging {
        borrow("ann");                      expect("connect slot1")
        connected(1);                       expect("ann gets slot1")
        after(17.seconds)
        release(1, ending = Ending.DIRTY);  expect("close slot1: DIRTY")
        after(2.seconds);                   expect("abort slot1")
        after(5.seconds);                   expect()
        pong(1);                            expect()
    }

    @Test
    fun abortedConnectionIsReplacedOnceItHasEnded() = PoolScript(limits(maxConnections = 1, minIdle = 1, pingInterval = 20.seconds)).run {
        expect("connect slot1")
        connected(1)
        after(18.seconds);      expect("ping slot1")
        after(5.seconds);       expect("abort slot1")
        lost(1);                expect("connect slot2")
    }

    private fun pinging(script: PoolScript.() -> Unit) = PoolScript(limits(maxConnections = 2, pingInterval = 20.seconds)).run(script)
}
