package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** What lies idle too long goes, and a pool that has nothing to do sleeps. Ages are understated by a second at most. */
class IdleTest {
    @Test
    fun connectionThatIsIdleTooLongIsClosed() = PoolScript(maxIdleTime = 1.minutes).run {
        borrow("ann");            expect("connect slot1")
        connected(1)
        release(1);               expect("ann gets slot1")
        after(59_999.milliseconds); expect()
        after(1001.milliseconds);   expect("close slot1: IDLE_TOO_LONG")
        lost(1)
        assertEquals(1, tally.destroyed(Ending.IDLE_TOO_LONG))
    }

    @Test
    fun useStartsTheIdleTimeAnew() = PoolScript(maxIdleTime = 1.minutes).run {
        borrow("ann");     expect("connect slot1")
        connected(1)
        release(1);        expect("ann gets slot1")
        after(50.seconds)
        borrow("bob")
        release(1);        expect("bob gets slot1")
        after(59.seconds); expect()
        after(2.seconds);  expect("close slot1: IDLE_TOO_LONG")
    }

    @Test
    fun longestIdleGoesFirst() = PoolScript(maxIdleTime = 1.minutes).run {
        borrow("ann")
        borrow("bob");      expect("connect slot1", "connect slot2")
        connected(1)
        connected(2);       expect("ann gets slot1", "bob gets slot2")
        release(2)
        after(30.seconds)
        release(1)
        after(31.seconds);  expect("close slot2: IDLE_TOO_LONG")
        lost(2)
        after(30.seconds);  expect("close slot1: IDLE_TOO_LONG")
    }

    @Test
    fun noFewerAreKeptThanAskedFor() = PoolScript(minIdle = 1, maxIdleTime = 1.minutes).run {
        expect("connect slot1")
        borrow("ann");           expect("connect slot2")
        connected(1);            expect("ann gets slot1")
        connected(2)
        release(1)
        after(PoolScript.LONG);  expect("close slot2: IDLE_TOO_LONG", "abort slot2")
        borrow("bob");           expect("bob gets slot1", "connect slot3") // which leaves none idle
    }

    @Test
    fun leasedConnectionIsNeverIdleTooLong() = PoolScript(maxIdleTime = 1.minutes).run {
        borrow("ann");           expect("connect slot1")
        connected(1);            expect("ann gets slot1")
        after(PoolScript.LONG);  expect()
    }

    @Test
    fun idlePoolLooksAtTheClockOnceAndSleeps() = PoolScript().run {
        assertEquals(Duration.INFINITE, nextTick)
        borrow("ann");     expect("connect slot1")
        connected(1);      expect("ann gets slot1")
        release(1)
        assertTrue(nextTick <= 1.seconds)
        after(1.seconds);  expect()
        assertEquals(Duration.INFINITE, nextTick)
    }

    @Test
    fun leaseIsAsOldAsItIs() = PoolScript(maxConnections = 2).run {
        borrow("ann");                       expect("connect slot1")
        borrow("bob");                       expect("connect slot2")
        connected(1)
        connected(2);                        expect("ann gets slot1", "bob gets slot2")
        borrow("cat", timeout = 2.seconds);  expect()
        after(2.seconds);                    expect("cat is refused: TIMED_OUT")
        assertEquals(1.seconds, age(1)) // a second at most is missing
    }

    @Test
    fun leaseDoesNotCountTheIdleTimeBeforeIt() = PoolScript().run {
        borrow("ann");       expect("connect slot1")
        connected(1)
        release(1);          expect("ann gets slot1")
        after(1.minutes)
        borrow("bob");       expect("bob gets slot1")
        after(10.seconds);   expect()
        assertEquals(9.seconds, age(1))
    }

    @Test
    fun whatHappensMeanwhileDoesNotPutOffTheLookAtTheClock() = PoolScript(maxConnections = 1).run {
        borrow("ann");  expect("connect slot1")
        connected(1);   expect("ann gets slot1")
        repeat(9) {
            after(250.milliseconds)
            borrow("bob", timeout = 100.milliseconds)
            cancel("bob")
        }
        expect()
        assertTrue(age(1)!! >= 1250.milliseconds, "${age(1)}")
    }
}
