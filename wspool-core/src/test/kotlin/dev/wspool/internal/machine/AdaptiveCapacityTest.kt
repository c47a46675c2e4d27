package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** Between 2 and 8 connections, one dial in 1 to 9 s: a step of the interval is a second. */
class AdaptiveCapacityTest {
    @Test
    fun poolBeginsSmallAndFast() = adaptive {
        assertEquals(2, capacity)
        assertEquals(1.seconds, connectInterval)
    }

    @Test
    fun capacityTakesThePlaceOfMaxConnections() = adaptive {
        repeat(3) { borrow("caller$it") }
        expect("connect slot1")
        connected(1);              expect("caller0 gets slot1")
        after(1.seconds);          expect("connect slot2")
        connected(2);              expect("caller1 gets slot2")
        after(999.milliseconds);   expect()
    }

    @Test
    fun capacityGrowsWhenCallersHaveWaitedForAWholeInterval() = full {
        borrow("cat");             expect()
        after(999.milliseconds);   expect()
        assertEquals(2, capacity)
        after(1.milliseconds);     expect("connect slot3")
        assertEquals(3, capacity)
        connected(3);              expect("cat gets slot3")
    }

    @Test
    fun leasesThatComeBackSoonNeedNoFurtherConnection() = full {
        repeat(10) {
            borrow("cat");             expect()
            after(900.milliseconds);   expect()
            release(1);                expect("cat gets slot1")
            after(1.seconds);          expect()
        }
        assertEquals(2, capacity)
    }

    @Test
    fun capacityGrowsOneByOneToItsGreatest() = full {
        repeat(20) { borrow("caller$it") }
        (3..8).forEach {
            after(1.seconds);  expect("connect slot$it")
            connected(it);     expect("caller${it - 3} gets slot$it")
        }
        after(1.minutes);      expect()
        assertEquals(8, capacity)
    }

    @Test
    fun whoInsistsOnAnotherConnectionMakesItNoGreater() = full {
        borrow("cat", demand = Demand(id = 1L))
        after(1.minutes);  expect()
        assertEquals(2, capacity)
        cancel("cat")
    }

    @Test
    fun fullPoolThatIsWellStaysAsItIs() = grown {
        after(10.hours);   expect()
        assertEquals(4, capacity)
        (1..4).forEach { release(it) }
        after(10.hours);   expect()
        assertEquals(4, capacity)
    }

    @Test
    fun idlePoolSleeps() = grown {
        (1..4).forEach { release(it) }
        after(1.seconds)
        assertEquals(Duration.INFINITE, nextTick)
    }

    @Test
    fun capacityFallsWithWhatWasIdleTooLong() = PoolScript(limits(maxIdleTime = 1.minutes, adaptive = ADAPTIVE)).run {
        grow()
        borrow("dan");      expect()
        release(1);         expect("dan gets slot1")
        (2..4).forEach { release(it) }
        after(2.minutes)
        take()
        assertEquals(2, capacity) // one is in use, two are the least
    }

    @Test
    fun failedDialTakesBackHalfOfWhatWasHopedFor() = PoolScript(limits(adaptive = ADAPTIVE)).run {
        grow()
        (1..4).forEach { lost(it) }
        borrow("dan")
        after(10.seconds);  expect("connect slot5")
        connectFailed(5)
        assertEquals(2, capacity)
    }

    @Test
    fun failedDialTakesNothingFromWhatLives() = grown {
        borrow("dan")
        after(10.seconds);  expect("connect slot5")
        assertEquals(5, capacity)
        connectFailed(5)
        assertEquals(4, capacity) // as many as the server bears
    }

    @Test
    fun serverThatBearsNoMoreIsTriedEverMoreSeldom() = grown {
        borrow("dan")
        val dialsPerMinute = List(5) {
            repeat(60) {
                after(1.seconds)
                dialling.forEach { connectFailed(it) }
            }
            take().size
        }
        assertTrue(dialsPerMinute.first() <= 20, "$dialsPerMinute")
        assertTrue(dialsPerMinute.drop(1).all { it in 5..7 }, "$dialsPerMinute") // one in 9 s
        assertEquals(9.seconds, connectInterval)
        assertEquals(4, capacity)
    }

    @Test
    fun serverThatIsDownIsDialledEverMoreSeldomThoughNoneIsIdle() = grown {
        (1..4).forEach { lost(it) }
        repeat(1_000) { borrow("caller$it") }
        repeat(60) {
            after(1.seconds)
            dialling.forEach { connectFailed(it) }
        }
        assertEquals(9.seconds, connectInterval)
        assertEquals(2, capacity)
        take()
        after(9.seconds)
        assertEquals(1, take().size)
    }

    @Test
    fun dialsThatGoWellWhileMostAreInUseShortenTheInterval() = grown {
        borrow("dan")
        after(10.seconds);  expect("connect slot5")
        connectFailed(5)
        assertEquals(3.seconds, connectInterval)
        after(10.seconds);  expect("connect slot6")
        connected(6);       expect("dan gets slot6")
        assertEquals(2.seconds, connectInterval)
    }

    @Test
    fun dialsThatGoWellWhileFewAreInUseLengthenTheInterval() = PoolScript(limits(minIdle = 2, adaptive = ADAPTIVE)).run {
        expect("connect slot1")
        connected(1)
        assertEquals(2.seconds, connectInterval)
        after(10.seconds);  expect("connect slot2")
    }

    @Test
    fun serverThatHasTooMuchToDoShrinksThePool() = grown {
        (3..4).forEach { release(it) }
        lost(1, Aftermath(shrinks = true));  expect("close slot3: SURPLUS", "close slot4: SURPLUS")
        assertEquals(2, capacity)
    }

    @Test
    fun warmUpMakesWayForWhatItWants() = adaptive {
        warmUp("morning", 3);  expect("connect slot1")
        assertEquals(3, capacity)
        connected(1)
        after(1.seconds);      expect("connect slot2")
        connected(2)
        after(2.seconds);      expect("connect slot3") // there is no hurry
        connected(3);          expect("morning is over: 3 ready")
    }

    @Test
    fun whatWasFoundHoldsOnWithinNewLimits() = grown {
        reconfigure(limits(adaptive = AdaptiveLimits(1, 3, 2.seconds.inWholeNanoseconds, 4.seconds.inWholeNanoseconds)))
        assertEquals(3, capacity)
        assertEquals(2.seconds, connectInterval)
        release(1);  expect("close slot1: SURPLUS")
        release(2);  expect()
    }

    @Test
    fun capacityIsFixedWhereNothingElseIsSaid() = PoolScript(limits(dials = dials(connectInterval = 1.seconds))).run {
        assertEquals(10, capacity)
        assertEquals(1.seconds, connectInterval)
        reconfigure(limits(maxConnections = 5))
        assertEquals(5, capacity)
        assertEquals(Duration.ZERO, connectInterval)
    }

    @Test
    fun pausedPoolDoesNotGrow() = full {
        pause()
        borrow("cat")
        after(1.minutes);  expect()
        assertEquals(2, capacity)
        resume();          expect()
        after(1.seconds);  expect("connect slot3")
    }

    private fun adaptive(script: PoolScript.() -> Unit) = PoolScript(limits(adaptive = ADAPTIVE)).run(script)

    /** With two connections, both lent. */
    private fun full(script: PoolScript.() -> Unit) = adaptive {
        fill()
        script()
    }

    /** With four connections, all lent. */
    private fun grown(script: PoolScript.() -> Unit) = adaptive {
        grow()
        script()
    }

    private fun PoolScript.fill() {
        repeat(2) {
            borrow("first$it")
            after(1.seconds)
            connected(it + 1)
        }
        after(1.seconds)
        take()
    }

    private fun PoolScript.grow() {
        fill()
        repeat(2) {
            borrow("more$it")
            after(1.seconds)
            connected(it + 3)
        }
        after(1.seconds)
        take()
        assertEquals(4, capacity)
        assertEquals(1.seconds, connectInterval)
    }

    private companion object {
        val ADAPTIVE = AdaptiveLimits(2, 8, 1.seconds.inWholeNanoseconds, 9.seconds.inWholeNanoseconds)
    }
}
