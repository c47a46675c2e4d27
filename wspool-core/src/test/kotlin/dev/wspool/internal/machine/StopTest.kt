package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** After a failure that will not heal, who comes is told so, until a probe may be made. */
class StopTest {
    @Test
    fun callerIsRefusedUntilAProbeMayBeMade() = stopped {
        borrow("bob");            expect("bob is refused: CONNECT_FAILED")
        after(99.milliseconds)
        borrow("cat");            expect("cat is refused: CONNECT_FAILED")
        after(1.milliseconds)
        borrow("dan");            expect("connect slot2")
        connected(2);             expect("dan gets slot2")
        assertNull(lastFailure)
    }

    @Test
    fun callersBehindTheProbeShareItsEnd() = stopped {
        after(100.milliseconds)
        borrow("bob");                         expect("connect slot2")
        borrow("cat");                         expect()
        connectFailed(2, isPermanent = true);  expect("bob is refused: CONNECT_FAILED", "cat is refused: CONNECT_FAILED")
        after(199.milliseconds)
        borrow("dan");                         expect("dan is refused: CONNECT_FAILED") // the delay has doubled
    }

    @Test
    fun probeThatFailsForAnotherReasonLetsCallersWait() = stopped {
        after(100.milliseconds)
        borrow("bob");             expect("connect slot2")
        connectFailed(2)
        borrow("cat");             expect()
        after(200.milliseconds);   expect("connect slot3")
    }

    @Test
    fun dialThatWasUnderWayAndFailsForAnotherReasonHidesNothing() = PoolScript(maxConnections = 2).run {
        borrow("ann")
        borrow("bob");                         expect("connect slot1", "connect slot2")
        connectFailed(1, isPermanent = true);  expect("ann is refused: CONNECT_FAILED", "bob is refused: CONNECT_FAILED")
        connectFailed(2)
        borrow("cat");                         expect("cat is refused: CONNECT_FAILED")
        assertEquals(ConnectFailure(1), lastFailure)
    }

    @Test
    fun whatIsIdleIsStillLent() = PoolScript(maxConnections = 2).run {
        borrow("ann");                         expect("connect slot1")
        connected(1);                          expect("ann gets slot1")
        borrow("bob");                         expect("connect slot2")
        connectFailed(2, isPermanent = true);  expect("bob is refused: CONNECT_FAILED")
        release(1)
        borrow("cat");                         expect("cat gets slot1")
    }

    @Test
    fun probeIsMadeForTheIdleThatAreToBeKeptWhereNobodyAsks() = PoolScript(minIdle = 1).run {
        expect("connect slot1")
        connectFailed(1, isPermanent = true);  expect()
        after(100.milliseconds);               expect("connect slot2")
        connected(2)
        borrow("ann");                         expect("ann gets slot2")
    }

    @Test
    fun closeCodeStopsAsADialDoes() = PoolScript(maxConnections = 1).run {
        borrow("ann");                      expect("connect slot1")
        connected(1);                       expect("ann gets slot1")
        borrow("bob");                      expect()
        val forbidden = ConnectFailure(4403)
        lost(1, Aftermath(stopsFor = forbidden, backsOff = true))
        expect("bob is refused: CONNECT_FAILED")
        borrow("cat");                      expect("cat is refused: CONNECT_FAILED")
        assertEquals(forbidden, lastFailure)
        after(100.milliseconds)
        borrow("dan");                      expect("connect slot2")
    }

    @Test
    fun stopByAConnectionOlderThanTheLastFailureHasADelayOfItsOwn() = PoolScript(maxConnections = 2).run {
        borrow("ann");                      expect("connect slot1")
        connected(1);                       expect("ann gets slot1")
        borrow("bob");                      expect("connect slot2")
        cancel("bob")
        connectFailed(2);                   expect()
        after(100.milliseconds) // over, and nobody has asked for a dial
        lost(1, Aftermath(stopsFor = ConnectFailure(4403), backsOff = true))
        borrow("cat");                      expect("cat is refused: CONNECT_FAILED")
        after(200.milliseconds)
        borrow("dan");                      expect("connect slot3")
    }

    @Test
    fun resetClearsTheStop() = stopped {
        retireAll(Ending.RESET)
        assertNull(lastFailure)
        borrow("bob");                      expect("connect slot2")
    }

    @Test
    fun rotationClearsTheStop() = stopped {
        retireAll(Ending.ROTATED, dialsToo = true)
        borrow("bob");                      expect("connect slot2")
    }

    @Test
    fun resumeClearsTheStop() = stopped {
        pause()
        resume()
        borrow("bob");                      expect("connect slot2")
    }

    @Test
    fun callerWithoutTimeIsToldThatHeHadNone() = stopped {
        borrow("bob", timeout = 0.seconds);  expect("bob is refused: TIMED_OUT")
    }

    /** A pool whose first dial, for ann, failed for good. */
    private fun stopped(script: PoolScript.() -> Unit) = PoolScript(maxConnections = 2).run {
        borrow("ann");                         expect("connect slot1")
        connectFailed(1, isPermanent = true);  expect("ann is refused: CONNECT_FAILED")
        script()
    }
}
