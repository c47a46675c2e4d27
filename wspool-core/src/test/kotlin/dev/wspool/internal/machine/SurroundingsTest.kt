package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** A network that is lost, comes back, or is another one; and an app that nobody looks at. */
class SurroundingsTest {
    private val lost = Surroundings(isConnected = false)
    private val refusing = Surroundings(isConnected = false, isRefusing = true)
    private val wifi = Surroundings(network = "Wi-Fi")
    private val cellular = Surroundings(network = "cellular")
    private val kept = Surroundings(isInFront = false, background = BackgroundMode.KEEP)
    private val shrunk = Surroundings(isInFront = false, background = BackgroundMode.SHRINK)
    private val suspended = Surroundings(isInFront = false, background = BackgroundMode.SUSPEND)
    private val front = Surroundings()

    @Test
    fun nothingIsDialledOrLentWithoutANetwork() = PoolScript(minIdle = 1).run {
        expect("connect slot1")
        connected(1)
        surroundings(lost)
        lost(1)
        borrow("ann")
        assertFalse(tryBorrow("bob"))
        assertFalse(isReady)
        after(1.minutes);        expect()
        surroundings(front);     expect("connect slot2", "connect slot3")
    }

    @Test
    fun dialThatIsUnderWayIsGivenUpAndMadeAnew() = PoolScript().run {
        borrow("ann");           expect("connect slot1")
        surroundings(lost);      expect("cancel connect slot1")
        surroundings(lost);      expect()
        connectFailed(1)
        after(1.minutes);        expect()
        surroundings(front);     expect("connect slot2")
    }

    @Test
    fun dialThatWasGivenUpAndOpensIsClosed() = PoolScript().run {
        borrow("ann");           expect("connect slot1")
        surroundings(lost);      expect("cancel connect slot1")
        connected(1);            expect("close slot1: NETWORK_CHANGED")
    }

    @Test
    fun whatHadFailedIsForgivenWithTheNetwork() = PoolScript().run {
        borrow("ann");           expect("connect slot1")
        connectFailed(1);        expect()
        surroundings(lost)
        surroundings(front);     expect("connect slot2")
    }

    @Test
    fun whatWasKeptIsProvedBeforeItIsLent() = PoolScript().run {
        open(1)
        surroundings(lost)
        borrow("ann");           expect()
        surroundings(front);     expect("ping slot1")
        pong(1);                 expect("ann gets slot1")
    }

    @Test
    fun nothingIsPingedWithoutANetwork() = PoolScript(limits(pingInterval = 20.seconds)).run {
        open(2)
        borrow("ann");           expect("ann gets slot2")
        surroundings(lost)
        after(PoolScript.LONG);  expect()
        assertEquals(Duration.INFINITE, nextTick)
        surroundings(front);     expect("ping slot1", "ping slot2")
    }

    @Test
    fun pingThatIsUnderWayIsNotWaitedFor() = PoolScript(limits(pingInterval = 20.seconds, validateAfterIdle = 5.seconds)).run {
        open(1)
        after(18.seconds);       expect("ping slot1")
        surroundings(lost)
        after(1.minutes);        expect()
        surroundings(front);     expect("ping slot1")
        after(1.seconds);        expect("abort slot1")
    }

    @Test
    fun proofThatIsUnderWayIsTakenUpAgainWithTheNetwork() = PoolScript(maxConnections = 1).run {
        open(1)
        suspectAll();            expect("ping slot1")
        borrow("ann")
        surroundings(lost)
        after(1.minutes);        expect()
        assertEquals(SlotState.IDLE, state(1))
        surroundings(front);     expect("ping slot1")
        pong(1);                 expect("ann gets slot1")
    }

    @Test
    fun nobodyIsSuspectedWithoutANetwork() = PoolScript().run {
        open(2)
        surroundings(lost)
        suspectAll();            expect()
        lost(1, Aftermath(isSuspicious = true))
        expect()
        surroundings(front);     expect("ping slot2")
    }

    @Test
    fun connectionsOverAnotherNetworkRetireAndThoseInUseGetSuccessors() = PoolScript().run {
        surroundings(wifi)
        open(2)
        borrow("ann");           expect("ann gets slot2")
        surroundings(cellular);  expect("close slot1: NETWORK_CHANGED", "connect slot3")
        connected(3)
        release(2);              expect("close slot2: NETWORK_CHANGED")
        borrow("bob");           expect("bob gets slot3")
    }

    @Test
    fun dialOverAnotherNetworkIsMadeAnew() = PoolScript().run {
        surroundings(wifi)
        borrow("ann");           expect("connect slot1")
        surroundings(cellular);  expect("cancel connect slot1")
        connectFailed(1);        expect("connect slot2")
    }

    @Test
    fun networkIsAnotherAlsoWhereNoneWasBetween() = PoolScript().run {
        surroundings(wifi)
        open(1)
        surroundings(lost)
        surroundings(cellular);  expect("close slot1: NETWORK_CHANGED")
    }

    @Test
    fun networkThatHasNoNameIsNoOther() = PoolScript().run {
        surroundings(wifi)
        open(1)
        surroundings(front);     expect()
        surroundings(wifi);      expect()
        borrow("ann");           expect("ann gets slot1")
    }

    @Test
    fun whoWaitsIsRefusedWhereHeIsNotToWait() = PoolScript().run {
        borrow("ann");           expect("connect slot1")
        surroundings(refusing);  expect("cancel connect slot1", "ann is refused: NO_NETWORK")
        borrow("bob");           expect("bob is refused: NO_NETWORK")
        connectFailed(1)
        surroundings(front)
        borrow("cat");           expect("connect slot2")
    }

    @Test
    fun callerWaitsToHisDeadlineWhereHeIsTo() = PoolScript().run {
        surroundings(lost)
        borrow("ann", timeout = 2.seconds)
        after(2.seconds);        expect("ann is refused: TIMED_OUT")
    }

    @Test
    fun pauseOfTheOwnersEndsWithHisWordAndThatOfTheNetworkWithTheNetwork() = PoolScript().run {
        pause()
        surroundings(lost)
        borrow("ann")
        surroundings(front);     expect()
        surroundings(lost)
        resume();                expect()
        surroundings(front);     expect("connect slot1")
    }

    @Test
    fun poolThatDrainsTakesNoNotice() = PoolScript().run {
        open(1)
        surroundings(lost)
        borrow("ann")
        drain();                 expect("ping slot1")
        surroundings(refusing);  expect()
        pong(1);                 expect("ann gets slot1")
        release(1);              expect("close slot1: POOL_CLOSED")
        lost(1);                 expect("ended")
    }

    @Test
    fun inTheBackgroundAPoolMayGoOnAndIsProvedAfterIt() = PoolScript(minIdle = 1).run {
        expect("connect slot1")
        connected(1)
        surroundings(kept)
        borrow("ann");           expect("ann gets slot1")
        after(1.seconds);        expect("connect slot2")
        connected(2)
        release(1)
        surroundings(front);     expect("ping slot2", "ping slot1")
        assertFalse(tryBorrow("bob"))
        pong(1)
        assertTrue(tryBorrow("bob"))
        expect("bob gets slot1")
    }

    @Test
    fun inTheBackgroundAPoolMayShrinkToWhatItIsToKeep() = PoolScript(minIdle = 1).run {
        expect("connect slot1")
        connected(1)
        borrow("ann")
        borrow("bob");           expect("ann gets slot1", "connect slot2", "connect slot3")
        connected(2)
        connected(3)
        release(1);              expect("bob gets slot2")
        surroundings(shrunk);    expect("close slot3: SURPLUS")
        release(2);              expect("close slot1: SURPLUS") // the longest idle
        borrow("cat");           expect("cat gets slot2") // served as ever
        after(1.seconds);        expect("connect slot4")
        connected(4)
        release(2);              expect("close slot4: SURPLUS")
        surroundings(front);     expect("ping slot2")
    }

    @Test
    fun poolThatIsSuspendedDoesNothing() = PoolScript(limits(minIdle = 1, pingInterval = 20.seconds)).run {
        connected(1)
        borrow("ann");           expect("connect slot1", "ann gets slot1")
        after(1.seconds);        expect("connect slot2")
        surroundings(suspended); expect("cancel connect slot2")
        connectFailed(2)
        release(1);              expect("close slot1: SURPLUS")
        lost(1)
        borrow("bob")
        after(PoolScript.LONG);  expect()
        assertEquals(Duration.INFINITE, nextTick)
        surroundings(front);     expect("connect slot3", "connect slot4")
    }

    @Test
    fun suspensionOutlivesTheReturnOfTheNetwork() = PoolScript().run {
        val both = Surroundings(isConnected = false, isInFront = false, background = BackgroundMode.SUSPEND)
        borrow("ann");           expect("connect slot1")
        surroundings(both);      expect("cancel connect slot1")
        connectFailed(1)
        surroundings(suspended); expect()
        surroundings(front);     expect("connect slot2")
    }

    @Test
    fun limitsThatChangeInTheBackgroundKeepItsBound() = PoolScript(maxConnections = 3).run {
        open(2)
        surroundings(shrunk);    expect("close slot1: SURPLUS", "close slot2: SURPLUS")
        reconfigure(limits(maxConnections = 5))
        borrow("ann");           expect("connect slot3")
        connected(3);            expect("ann gets slot3")
        release(3);              expect("close slot3: SURPLUS")
    }
}
