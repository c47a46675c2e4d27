package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.test.assertEquals

/** A connection is lent so often and no more. */
class UsesTest {
    @Test
    fun connectionThatHasServedItsUsesIsClosed() = PoolScript(limits(maxUses = 3)).run {
        open(1)
        borrow("bob")
        release(1)
        borrow("cat");  expect("bob gets slot1", "cat gets slot1")
        release(1);     expect("close slot1: USED_UP")
        lost(1)
        assertEquals(1, tally.destroyed(Ending.USED_UP))
    }

    @Test
    fun whoWaitsForItGetsAFreshOne() = PoolScript(limits(maxConnections = 1, maxUses = 1)).run {
        borrow("ann");  expect("connect slot1")
        borrow("bob")
        connected(1);   expect("ann gets slot1")
        release(1);     expect("close slot1: USED_UP")
        lost(1);        expect("connect slot2")
        connected(2);   expect("bob gets slot2")
    }

    @Test
    fun reasonOfItsUserComesFirst() = PoolScript(limits(maxUses = 1)).run {
        borrow("ann");                      expect("connect slot1")
        connected(1);                       expect("ann gets slot1")
        release(1, ending = Ending.DIRTY);  expect("close slot1: DIRTY")
    }

    @Test
    fun usedUpConnectionIsReplacedAmongTheIdle() = PoolScript(limits(maxConnections = 1, minIdle = 1, maxUses = 1)).run {
        expect("connect slot1")
        connected(1)
        borrow("ann");  expect("ann gets slot1")
        release(1);     expect("close slot1: USED_UP")
        lost(1);        expect("connect slot2")
    }
}
