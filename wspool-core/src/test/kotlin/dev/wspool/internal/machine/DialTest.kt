package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** When the pool dials, and when it holds back. */
class DialTest {
    @Test
    fun noMoreIsDialledThanCallersNeed() = PoolScript(maxConnections = 5).run {
        borrow("ann");  expect("connect slot1")
        cancel("ann");  expect()
        borrow("bob");  expect() // the dial under way will do
        borrow("cat");  expect("connect slot2")
    }

    @Test
    fun noMoreIsDialledThanAllowed() = PoolScript(maxConnections = 2).run {
        borrow("ann");  expect("connect slot1")
        borrow("bob");  expect("connect slot2")
        borrow("cat");  expect()
    }

    @Test
    fun closingConnectionsCountUntilTheirSocketIsClosed() = PoolScript(maxConnections = 1).run {
        borrow("ann");                      expect("connect slot1")
        connected(1);                       expect("ann gets slot1")
        borrow("bob");                      expect()
        release(1, ending = Ending.DIRTY);  expect("close slot1: DIRTY")
        lost(1);                            expect("connect slot2")
        connected(2);                       expect("bob gets slot2")
    }

    @Test
    fun dialThatFailsLeavesTheCallerHisPlace() = PoolScript(maxConnections = 1).run {
        borrow("ann");            expect("connect slot1")
        borrow("bob");            expect()
        connectFailed(1);         expect()
        after(100.milliseconds);  expect("connect slot2")
        connected(2);             expect("ann gets slot2")
        release(2);               expect("bob gets slot2")
        assertEquals(1, tally.connectFailures)
        assertEquals(1, tally.created)
    }

    @Test
    fun dialThatFailsLeavesTheCallerHisDeadline() = PoolScript(maxConnections = 1).run {
        borrow("ann", timeout = 1.seconds);  expect("connect slot1")
        after(900.milliseconds)
        connectFailed(1);                    expect()
        after(99.milliseconds);              expect()
        after(1.milliseconds);               expect("ann is refused: TIMED_OUT")
        assertEquals(ConnectFailure(1), lastFailure)
    }

    @Test
    fun delayDoublesWithEachFailureUpToFiveSeconds() = PoolScript(maxConnections = 1).run {
        borrow("ann");  expect("connect slot1")
        val delays = listOf(100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000, 5000, 5000, 5000, 5000)
        delays.forEachIndexed { failures, delay ->
            connectFailed(failures + 1)
            after((delay - 1).milliseconds);  expect()
            after(1.milliseconds);            expect("connect slot${failures + 2}")
        }
    }

    @Test
    fun successEndsTheDelay() = PoolScript(maxConnections = 2).run {
        borrow("ann");             expect("connect slot1")
        connectFailed(1)
        after(100.milliseconds);   expect("connect slot2")
        connectFailed(2)
        after(200.milliseconds);   expect("connect slot3")
        connected(3);              expect("ann gets slot3")
        assertNull(lastFailure)
        borrow("bob");             expect("connect slot4")
        connectFailed(4);          expect()
        after(99.milliseconds);    expect()
        after(1.milliseconds);     expect("connect slot5") // as after the first failure
    }

    @Test
    fun oneDialIsSentAheadAfterAFailure() = PoolScript(maxConnections = 3).run {
        borrow("ann");             expect("connect slot1")
        connectFailed(1)
        borrow("bob")
        borrow("cat");             expect()
        after(100.milliseconds);   expect("connect slot2")
        after(1.seconds);          expect()
        connected(2);              expect("ann gets slot2", "connect slot3", "connect slot4")
    }

    @Test
    fun dialsThatFailTogetherAreOneFailure() = PoolScript(maxConnections = 3).run {
        borrow("ann");             expect("connect slot1")
        borrow("bob");             expect("connect slot2")
        borrow("cat");             expect("connect slot3")
        connectFailed(1)
        connectFailed(2)
        after(50.milliseconds)
        connectFailed(3);          expect()
        after(50.milliseconds);    expect("connect slot4")
        connectFailed(4)
        after(199.milliseconds);   expect()
        after(1.milliseconds);     expect("connect slot5") // the second failure in a row
    }

    @Test
    fun failureThatWillNotHealRefusesAllWhoWait() = PoolScript(maxConnections = 1).run {
        borrow("ann")
        borrow("bob", timeout = 1.seconds);    expect("connect slot1")
        connectFailed(1, isPermanent = true);  expect("ann is refused: CONNECT_FAILED", "bob is refused: CONNECT_FAILED")
        assertEquals(ConnectFailure(1), lastFailure)
        after(10.seconds);                     expect()
    }

    @Test
    fun noDialIsMadeWhereNobodyWaitsAfterTheDelay() = PoolScript().run {
        borrow("ann");       expect("connect slot1")
        connectFailed(1)
        cancel("ann")
        after(10.seconds);   expect()
    }

    @Test
    fun noDialIsMadeForWhoTimesOutInTheSameTick() = PoolScript(maxConnections = 1).run {
        borrow("ann");                       expect("connect slot1")
        connected(1);                        expect("ann gets slot1")
        release(1, ending = Ending.DIRTY);   expect("close slot1: DIRTY")
        after(2.seconds);                    expect("abort slot1")
        borrow("bob", timeout = 6.seconds);  expect()
        afterALongSleep(7.seconds);          expect("bob is refused: TIMED_OUT") // slot1 was abandoned before that
    }

    @Test
    fun idleConnectionsAreKeptReadyFromTheStart() = PoolScript(minIdle = 2).run {
        expect("connect slot1", "connect slot2")
        connected(1)
        connected(2);   expect()
        borrow("ann");  expect("ann gets slot2")
    }

    @Test
    fun noMoreIdleConnectionsAreKeptThanAllowed() = PoolScript(maxConnections = 2, minIdle = 2).run {
        expect("connect slot1", "connect slot2")
        connected(1)
        connected(2)
        borrow("ann");     expect("ann gets slot2")
        after(10.seconds); expect()
    }

    @Test
    fun connectionThatIsLentIsReplacedAmongTheIdle() = PoolScript(maxConnections = 3, minIdle = 1).run {
        expect("connect slot1")
        connected(1)
        after(5.seconds)
        borrow("ann");     expect("ann gets slot1", "connect slot2")
    }

    @Test
    fun connectionThatIsLentWithoutALookAtTheClockIsReplacedWithinASecond() = PoolScript(maxConnections = 3, minIdle = 1).run {
        expect("connect slot1")
        connected(1) // and the machine has not looked at the clock since
        borrow("ann");     expect("ann gets slot1")
        after(1.seconds);  expect("connect slot2")
    }

    @Test
    fun idleConnectionThatIsLostIsReplaced() = PoolScript(minIdle = 1).run {
        expect("connect slot1")
        connected(1)
        lost(1);        expect("connect slot2")
    }

    @Test
    fun dialForTheIdleThatFailsIsTriedAgain() = PoolScript(minIdle = 1).run {
        expect("connect slot1")
        connectFailed(1)
        after(100.milliseconds);  expect("connect slot2")
    }

    @Test
    fun callersAreDialledForBesideTheIdle() = PoolScript(maxConnections = 4, minIdle = 1).run {
        expect("connect slot1")
        borrow("ann");  expect("connect slot2") // one for her, one to be kept
        connected(2);   expect("ann gets slot2")
        connected(1);   expect()
    }
}
