package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** How many dials are made, at once and in a time; and how ever fewer where a server is down. */
class GovernorTest {
    @Test
    fun noMoreDialsAreUnderWayAtOnceThanAllowed() = PoolScript(limits(dials = dials(maxConcurrentConnects = 2))).run {
        borrow("ann")
        borrow("bob")
        borrow("cat")
        borrow("dan");  expect("connect slot1", "connect slot2")
        connected(2);   expect("ann gets slot2", "connect slot3")
        connected(1);   expect("bob gets slot1", "connect slot4")
    }

    @Test
    fun dialsAreMadeAtTheirPace() = PoolScript(limits(dials = dials(connectInterval = 1.seconds))).run {
        borrow("ann");           expect("connect slot1")
        borrow("bob")
        borrow("cat");           expect()
        after(999.milliseconds); expect()
        after(1.milliseconds);   expect("connect slot2")
        after(999.milliseconds); expect()
        after(1.milliseconds);   expect("connect slot3")
    }

    @Test
    fun whoHasNotDialledForLongMayMakeABurst() = PoolScript(limits(dials = dials(connectInterval = 1.seconds, connectBurst = 3))).run {
        repeat(5) { borrow("caller$it") }
        expect("connect slot1", "connect slot2", "connect slot3")
        after(1.seconds);  expect("connect slot4")
        after(1.seconds);  expect("connect slot5")
    }

    @Test
    fun whatWasSavedForABurstIsBounded() = PoolScript(limits(dials = dials(connectInterval = 1.seconds, connectBurst = 2))).run {
        after(1.minutes)
        repeat(3) { borrow("caller$it") }
        expect("connect slot1", "connect slot2")
        after(1.seconds);  expect("connect slot3")
    }

    @Test
    fun paceHoldsForTheIdleThatAreToBeKept() = PoolScript(limits(minIdle = 2, dials = dials(connectInterval = 1.seconds))).run {
        expect("connect slot1")
        connected(1);      expect()
        after(1.seconds);  expect("connect slot2")
    }

    @Test
    fun paceHoldsAfterTheDelayToo() = PoolScript(limits(dials = dials(connectInterval = 1.seconds))).run {
        borrow("ann");            expect("connect slot1")
        connectFailed(1)
        after(999.milliseconds);  expect() // the delay was 100 ms
        after(1.milliseconds);    expect("connect slot2")
    }

    @Test
    fun delayIsAnyPartOfItsLongest() = PoolScript(maxConnections = 1).run {
        borrow("ann");           expect("connect slot1")
        chance = 0.25
        connectFailed(1)
        after(24.milliseconds);  expect()
        after(1.milliseconds);   expect("connect slot2")
        chance = 0.5
        connectFailed(2)
        after(99.milliseconds);  expect()
        after(1.milliseconds);   expect("connect slot3") // half of 200 ms
    }

    @Test
    fun delayIsNeverLongerThanItsLongest() {
        val dials = dials(firstBackoff = 3_000.minutes, longestBackoff = 6_000.minutes)
        PoolScript(limits(maxConnections = 1, dials = dials)).run {
            borrow("ann");  expect("connect slot1")
            repeat(40) {
                connectFailed(1 + it);  expect()
                after(2_999.minutes);   expect()
                after(3_001.minutes);   expect("connect slot${2 + it}")
            }
        }
    }

    @Test
    fun firstReconnectWaitsOnlyAfterAFailure() = PoolScript(maxConnections = 1).run {
        borrow("ann");                      expect("connect slot1")
        connected(1);                       expect("ann gets slot1")
        borrow("bob");                      expect()
        lost(1);                            expect("connect slot2")
    }

    @Test
    fun callersBehindTheOneDialThatGoesAheadKeepTheirOrder() = PoolScript(maxConnections = 3).run {
        borrow("ann");             expect("connect slot1")
        connectFailed(1)
        borrow("bob")
        borrow("cat")
        after(100.milliseconds);   expect("connect slot2")
        connectFailed(2);          expect()
        after(200.milliseconds);   expect("connect slot3")
        connected(3);              expect("ann gets slot3", "connect slot4", "connect slot5")
        connected(5);              expect("bob gets slot5")
        connected(4);              expect("cat gets slot4")
    }

    @Test
    fun callerWhoseDialsAreHeldBackIsServedByWhatComesBack() = PoolScript(maxConnections = 2).run {
        borrow("ann");             expect("connect slot1")
        connected(1);              expect("ann gets slot1")
        borrow("bob");             expect("connect slot2")
        connectFailed(2);          expect()
        release(1);                expect("bob gets slot1")
        after(10.seconds);         expect()
    }

    @Test
    fun serverThatIsDownIsDialledEverMoreSeldomWhateverTheDemand() {
        val dials = dials(maxConcurrentConnects = 4, firstBackoff = 500.milliseconds, longestBackoff = 30.seconds)
        PoolScript(limits(maxConnections = 100, dials = dials)).run {
            chance = 0.5
            repeat(1_000) { borrow("caller$it") }
            val dialsPerMinute = List(10) { repeat(600) { failAllAfter100ms() }; take().size }
            assertTrue(dialsPerMinute.first() <= 12, "$dialsPerMinute")
            assertTrue(dialsPerMinute.zipWithNext().all { (before, after) -> after <= before }, "$dialsPerMinute")
            assertTrue(dialsPerMinute.last() in 3..5, "$dialsPerMinute") // one in 15 s on the average
        }
    }

    @Test
    fun serverThatComesBackServesAllWhoWaited() {
        PoolScript(limits(maxConnections = 100, dials = dials(maxConcurrentConnects = 4, longestBackoff = 30.seconds))).run {
            repeat(1_000) { borrow("caller$it") }
            repeat(6_000) { failAllAfter100ms() }
            take()
            var served = 0
            repeat(3_000) {
                after(100.milliseconds)
                dialling.forEach(::connected)
                val gets = take().filter { "gets" in it }
                served += gets.size
                gets.forEach { release(it.substringAfter("slot").toInt()) }
            }
            served += take().count { "gets" in it }
            assertEquals(1_000, served)
        }
    }

    private fun PoolScript.failAllAfter100ms() {
        after(100.milliseconds)
        dialling.forEach { connectFailed(it) }
    }
}
