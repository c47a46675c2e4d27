package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.time.Duration.Companion.seconds

/** The connection that served a key last serves it again, if it can be had; or, in the hard mode, no other while it lives. */
class AffinityTest {
    private val soft = Demand(key = "user-7")
    private val hard = Demand(key = "user-7", isHard = true)

    @Test
    fun connectionThatServedTheKeyIsPreferred() = bound(soft) {
        borrow("bob", demand = soft);  expect("bob gets slot1")
    }

    @Test
    fun softCallerTakesAnotherWhereItIsLent() = bound(soft) {
        borrow("bob", demand = soft);  expect("bob gets slot1")
        borrow("cat", demand = soft);  expect("cat gets slot2")
    }

    @Test
    fun lastThatServedTheKeyCounts() = bound(soft) {
        borrow("bob", demand = soft)
        borrow("cat", demand = soft);  expect("bob gets slot1", "cat gets slot2")
        release(2)
        release(1)
        borrow("dan", demand = soft);  expect("dan gets slot2")
    }

    @Test
    fun hardCallerWaitsForItAndCausesNoDial() = bound(hard) {
        borrow("bob", demand = hard);  expect("bob gets slot1")
        borrow("cat", demand = hard);  expect()
        release(1);                    expect("cat gets slot1")
    }

    @Test
    fun keyThatWasNeverServedTakesTheNext() = PoolScript().run {
        open(2)
        borrow("ann", demand = hard);  expect("ann gets slot2")
    }

    @Test
    fun hardCallersOfANewKeyShareTheConnectionOfTheFirst() = PoolScript(maxConnections = 2).run {
        borrow("ann", demand = hard)
        borrow("bob", demand = hard);  expect("connect slot1", "connect slot2")
        connected(2);                  expect("ann gets slot2")
        connected(1);                  expect() // bob is bound to slot2 by now
        release(2);                    expect("bob gets slot2")
    }

    @Test
    fun hardCallerWhoseConnectionIsLostGetsOneThatLiesIdle() = bound(hard) {
        borrow("bob", demand = hard);  expect("bob gets slot1")
        borrow("cat", demand = hard);  expect()
        lost(1);                       expect("cat gets slot2")
    }

    @Test
    fun hardCallerWhoseConnectionComesBackDirtyGetsAnother() = bound(hard) {
        borrow("bob", demand = hard);       expect("bob gets slot1")
        borrow("cat", demand = hard);       expect()
        release(1, ending = Ending.DIRTY);  expect("close slot1: DIRTY", "cat gets slot2")
    }

    @Test
    fun hardCallerWhoseConnectionIsDetachedGetsAnother() = bound(hard) {
        borrow("bob", demand = hard);       expect("bob gets slot1")
        borrow("cat", demand = hard);       expect()
        detach(1);                          expect("cat gets slot2")
    }

    @Test
    fun hardCallerWhoseConnectionIsRetiringGetsAnother() = bound(hard) {
        borrow("bob", demand = hard);       expect("bob gets slot1")
        borrow("cat", demand = hard);       expect()
        goingAway(1);                       expect("cat gets slot2", "connect slot3")
    }

    @Test
    fun hardCallerWhoseConnectionIsLostHasOneDialledWhereNoneIsIdle() = bound(hard) {
        borrow("bob", demand = hard)
        borrow("dan");                      expect("bob gets slot1", "dan gets slot2")
        borrow("cat", demand = hard);       expect()
        lost(1);                            expect("connect slot3")
        connected(3);                       expect("cat gets slot3")
        release(3)
        borrow("eve", demand = hard);       expect("eve gets slot3")
    }

    @Test
    fun hardCallerWhoseConnectionGivesNoAnswerGetsAnother() = bound(hard) {
        borrow("bob", demand = hard);       expect("bob gets slot1")
        borrow("cat", demand = hard)
        suspectAll();                       expect("ping slot2", "ping slot1")
        pong(2);                            expect()
        after(5.seconds);                   expect("abort slot1", "ping slot2")
        pong(2);                            expect("cat gets slot2")
    }

    @Test
    fun hardCallerHoldsUpNobodyElse() = bound(hard) {
        borrow("bob", demand = hard);       expect("bob gets slot1")
        borrow("cat", demand = hard)
        borrow("dan");                      expect("dan gets slot2")
    }

    @Test
    fun onlyAThousandKeysAreRemembered() = bound(soft) {
        repeat(1_000) { other ->
            borrow("caller", demand = Demand(key = other))
            release(2)
        }
        take()
        borrow("bob", demand = soft);       expect("bob gets slot2") // as who has no key: the newest
    }

    @Test
    fun keyThatIsUsedIsNotForgotten() = bound(soft) {
        repeat(2_000) { other ->
            borrow("caller", demand = Demand(key = other))
            borrow("user", demand = soft)
            release(1)
            release(2)
        }
        take()
        borrow("bob", demand = soft);       expect("bob gets slot1")
    }

    /** Two idle connections, slot2 the newest, of which slot1 has served the key of [demand]. */
    private fun bound(demand: Demand, script: PoolScript.() -> Unit) = PoolScript(maxConnections = 3).run {
        open(2)
        borrow("other")
        borrow("ann", demand = demand);  expect("other gets slot2", "ann gets slot1")
        release(1)
        release(2)
        script()
    }
}
