package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.test.assertEquals

/** No more lie idle than allowed. */
class MaxIdleTest {
    @Test
    fun longestIdleGoesWhereOneMoreComesBack() = PoolScript(limits(maxIdle = 1)).run {
        borrow("ann")
        borrow("bob");  expect("connect slot1", "connect slot2")
        connected(1)
        connected(2);   expect("ann gets slot1", "bob gets slot2")
        release(1);     expect()
        release(2);     expect("close slot1: SURPLUS")
        lost(1)
        assertEquals(1, tally.destroyed(Ending.SURPLUS))
    }

    @Test
    fun connectionThatSomebodyWaitsForIsNotSurplus() = PoolScript(limits(maxConnections = 1, maxIdle = 0)).run {
        borrow("ann")
        borrow("bob");  expect("connect slot1")
        connected(1);   expect("ann gets slot1")
        release(1);     expect("bob gets slot1")
        release(1);     expect("close slot1: SURPLUS")
    }

    @Test
    fun dialThatNobodyWaitsForAnyMoreIsSurplusToo() = PoolScript(limits(maxIdle = 0)).run {
        borrow("ann");  expect("connect slot1")
        cancel("ann")
        connected(1);   expect("close slot1: SURPLUS")
    }

    @Test
    fun warmUpEndsWithAsManyAsMayBeIdle() = PoolScript(limits(maxIdle = 1)).run {
        warmUp("morning", 2);  expect("connect slot1", "connect slot2")
        connected(1)
        connected(2);          expect("close slot1: SURPLUS", "morning is over: 1 ready")
    }
}
