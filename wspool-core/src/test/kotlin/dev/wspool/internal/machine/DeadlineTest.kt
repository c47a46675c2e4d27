package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.nanoseconds
import kotlin.time.Duration.Companion.seconds

/** Callers wait as long as they said, and no longer. */
class DeadlineTest {
    @Test
    fun callerTimesOutAtHisDeadline() = PoolScript(maxConnections = 1).run {
        borrow("ann", timeout = 2.seconds);  expect("connect slot1")
        after(2.seconds - 1.nanoseconds);    expect()
        after(1.nanoseconds);                expect("ann is refused: TIMED_OUT")
        assertEquals(1, tally.timedOut)
        assertEquals(0, tally.refused)
        connected(1);                        expect()
    }

    @Test
    fun eachCallerHasHisOwnDeadline() = PoolScript(maxConnections = 1).run {
        borrow("ann", timeout = 3.seconds);  expect("connect slot1")
        borrow("bob", timeout = 1.seconds)
        borrow("cat", timeout = 2.seconds)
        borrow("dan")
        after(1.seconds);                    expect("bob is refused: TIMED_OUT")
        after(1.seconds);                    expect("cat is refused: TIMED_OUT")
        after(1.seconds);                    expect("ann is refused: TIMED_OUT")
        connected(1);                        expect("dan gets slot1")
    }

    @Test
    fun deadlineIsForgottenOnceTheCallerIsServed() = PoolScript().run {
        borrow("ann", timeout = 2.seconds);  expect("connect slot1")
        connected(1);                        expect("ann gets slot1")
        after(10.seconds);                   expect()
    }

    @Test
    fun deadlineIsForgottenOnceTheCallerIsGone() = PoolScript().run {
        borrow("ann", timeout = 2.seconds);  expect("connect slot1")
        cancel("ann")
        after(10.seconds);                   expect()
        assertEquals(0, tally.timedOut)
    }

    @Test
    fun callerWithoutTimeIsRefusedAtOnce() = PoolScript().run {
        borrow("ann", timeout = Duration.ZERO);  expect("ann is refused: TIMED_OUT")
        assertEquals(1, tally.timedOut)
    }

    @Test
    fun callerWithAllTheTimeIsNeverRefused() = PoolScript(maxConnections = 1).run {
        borrow("ann", timeout = Duration.INFINITE);  expect("connect slot1")
        after(PoolScript.LONG);                      expect()
        connected(1);                                expect("ann gets slot1")
    }

    @Test
    fun callerWhoTimesOutLeavesHisDialToTheNext() = PoolScript(maxConnections = 1).run {
        borrow("ann", timeout = 1.seconds);  expect("connect slot1")
        after(1.seconds);                    expect("ann is refused: TIMED_OUT")
        borrow("bob");                       expect()
        connected(1);                        expect("bob gets slot1")
    }

    @Test
    fun manyDeadlinesComeInTheirOrder() = PoolScript(maxConnections = 1).run {
        borrow("first");  expect("connect slot1")
        val timeouts = List(100) { (it * 37 % 100 + 1) } // each of 1..100 once
        timeouts.forEach { borrow("w$it", timeout = (it * 10).milliseconds) }
        (1..100 step 3).forEach { cancel("w$it") }
        (1..100).forEach {
            after(10.milliseconds)
            if (it % 3 == 1) expect() else expect("w$it is refused: TIMED_OUT")
        }
    }
}
