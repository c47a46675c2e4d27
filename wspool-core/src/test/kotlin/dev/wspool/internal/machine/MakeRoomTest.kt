package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** A full pool of idle connections that do not fit retires one for who needs a fresh one. */
class MakeRoomTest {
    private val tenMinutes = Demand(minRemaining = 10.minutes.inWholeNanoseconds)

    @Test
    fun longestIdleIsRetiredForWhoNeedsAFreshOne() = old(2) {
        borrow("ann", demand = tenMinutes);  expect("close slot1: UNFIT")
        lost(1);                             expect("connect slot3")
        connected(3);                        expect("ann gets slot3")
        assertEquals(1, tally.destroyed(Ending.UNFIT))
    }

    @Test
    fun noneIsRetiredWhileThereIsRoom() = old(2, maxConnections = 3) {
        borrow("ann", demand = tenMinutes);  expect("connect slot3")
    }

    @Test
    fun asManyAreRetiredAsAreNeeded() = old(3) {
        borrow("ann", demand = tenMinutes)
        borrow("bob", demand = tenMinutes);  expect("close slot1: UNFIT", "close slot2: UNFIT")
        borrow("cat");                       expect("cat gets slot3")
    }

    @Test
    fun noneIsRetiredForWhoInsistsOnAnother() = old(2) {
        borrow("ann", demand = Demand(id = 9L));  expect()
        cancel("ann")
    }

    @Test
    fun noneIsRetiredForWhoIsBoundToOneThatIsLent() = PoolScript(maxConnections = 2).run {
        val hard = Demand(key = "user-7", isHard = true)
        open(2)
        borrow("ann", demand = hard);  expect("ann gets slot2")
        borrow("bob", demand = hard);  expect()
        release(2);                    expect("bob gets slot2")
    }

    @Test
    fun whoInsistedOnTheOneThatIsRetiredGetsAnother() = PoolScript(limits(maxConnections = 2, maxLifetime = 30.minutes)).run {
        open(1)
        borrow("ann", demand = Demand(key = "user-7"));  expect("ann gets slot1")
        after(25.minutes)
        borrow("bob");                                   expect("connect slot2")
        connected(2);                                    expect("bob gets slot2")
        release(1)
        release(2)
        borrow("cat", demand = Demand(key = "user-7", isHard = true, minRemaining = 10.minutes.inWholeNanoseconds))
        expect() // slot1 is too old, slot2 is not his
        after(1.minutes)
        borrow("dan", demand = Demand(minRemaining = 30.minutes.inWholeNanoseconds))
        expect("close slot1: UNFIT", "cat gets slot2")
    }

    @Test
    fun connectionThatComesBackUnfitIsRetired() = old(1) {
        borrow("ann");                       expect("ann gets slot1")
        borrow("bob", demand = tenMinutes);  expect()
        release(1);                          expect("close slot1: UNFIT")
        lost(1);                             expect("connect slot2")
        connected(2);                        expect("bob gets slot2")
    }

    @Test
    fun connectionThatComesBackServesWhomItFitsFirst() = old(1) {
        borrow("ann");                       expect("ann gets slot1")
        borrow("bob", demand = tenMinutes)
        borrow("cat");                       expect()
        release(1);                          expect("cat gets slot1")
        release(1);                          expect("close slot1: UNFIT")
    }

    @Test
    fun noneIsRetiredBeforeADialMayBeMade() {
        val dials = dials(connectInterval = 30.minutes)
        PoolScript(limits(maxConnections = 1, maxLifetime = 40.minutes, dials = dials)).run {
            open(1)
            after(29.minutes + 59.seconds + 500.milliseconds)
            borrow("ann", demand = Demand(minRemaining = 20.minutes.inWholeNanoseconds));  expect()
            after(500.milliseconds);                                                       expect("close slot1: UNFIT")
            lost(1);                                                                       expect("connect slot2")
        }
    }

    @Test
    fun noneIsRetiredAfterAFailureBeforeTheDelayIsOver() = old(2) {
        borrow("ann")
        borrow("bob", demand = tenMinutes);  expect("ann gets slot2", "close slot1: UNFIT")
        lost(1);                             expect("connect slot3")
        release(2)
        connectFailed(3);                    expect()
        after(99.milliseconds);              expect()
        after(1.milliseconds);               expect("connect slot4")
        connected(4);                        expect("bob gets slot4")
    }

    @Test
    fun whoIsMadeRoomForIsNotOneTooMany() = PoolScript(limits(maxConnections = 1, maxWaiting = 0, maxLifetime = 30.minutes)).run {
        open(1)
        after(25.minutes)
        borrow("ann", demand = tenMinutes);  expect("close slot1: UNFIT")
        borrow("bob", demand = tenMinutes);  expect("bob is refused: TOO_MANY_WAITING")
    }

    /** A pool full of idle connections with five minutes left. */
    private fun old(count: Int, maxConnections: Int = count, script: PoolScript.() -> Unit) =
        PoolScript(limits(maxConnections, maxLifetime = 30.minutes)).run {
            open(count)
            after(25.minutes);  expect()
            script()
        }
}
