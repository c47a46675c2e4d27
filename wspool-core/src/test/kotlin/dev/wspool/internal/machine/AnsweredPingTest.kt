package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.time.Duration.Companion.seconds

/** A ping that is answered wakes nobody a second time: the next that is due is the next ping. */
class AnsweredPingTest {
    @Test
    fun poolSleepsFromThePongToTheNextPing() = PoolScript(limits(pingInterval = 20.seconds)).run {
        open(1)
        after(18.seconds);  expect("ping slot1")
        assertEquals(5.seconds, nextTick)
        pong(1)
        assertEquals(18.seconds, nextTick)
        after(18.seconds);  expect("ping slot1")
    }

    @Test
    fun poolThatWaitsForAnotherPongIsNotDisturbed() = PoolScript(limits(pingInterval = 20.seconds)).run {
        open(2)
        after(18.seconds);  expect("ping slot1", "ping slot2")
        pong(1)
        assertEquals(5.seconds, nextTick)
        after(5.seconds);   expect("abort slot2", "ping slot1")
    }

    @Test
    fun leaseThatIsInDoubtIsSoNoMoreWithItsPong() = PoolScript(maxConnections = 1).run {
        open(1)
        borrow("ann");      expect("ann gets slot1")
        suspectAll();       expect("ping slot1")
        pong(1)
        after(6.seconds);   expect()
        release(1)
        borrow("bob");      expect("bob gets slot1")
    }
}
