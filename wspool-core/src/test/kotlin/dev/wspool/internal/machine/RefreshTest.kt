package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** A connection that is to be kept is replaced at the end of its life, by its successor first where there is room. */
class RefreshTest {
    @Test
    fun successorIsDialledBeforeTheOldOneGoes() = aging(maxConnections = 2) {
        after(27.minutes);  expect("connect slot2")
        connected(2);       expect("close slot1: LIFETIME")
        lost(1);            expect()
    }

    @Test
    fun oldOneIsLentUntilItsSuccessorIsThere() = aging(maxConnections = 2) {
        after(27.minutes);  expect("connect slot2")
        borrow("ann");      expect("ann gets slot1")
        connected(2);       expect()
        release(1);         expect("close slot1: LIFETIME")
    }

    @Test
    fun oldOneGoesAtTheEndOfItsLifeThoughNoSuccessorIsThere() = aging(maxConnections = 2) {
        after(27.minutes);       expect("connect slot2")
        after(179.seconds);      expect()
        after(1.seconds);        expect("close slot1: LIFETIME")
        connected(2);            expect()
    }

    @Test
    fun serverThatIsDownLeavesTheOldOneItsLife() = aging(maxConnections = 2) {
        after(27.minutes);  expect("connect slot2")
        connectFailed(2)
        borrow("ann")
        release(1);         expect("ann gets slot1", "close slot1: LIFETIME") // lent once more, and back too late
    }

    @Test
    fun fullPoolRetiresOneAtATimeAndThenDials() = aging(maxConnections = 3, minIdle = 3) {
        after(27.minutes);  expect("close slot1: LIFETIME")
        lost(1);            expect("connect slot4")
        connected(4);       expect("close slot2: LIFETIME")
        lost(2);            expect("connect slot5")
        connected(5);       expect("close slot3: LIFETIME")
        lost(3);            expect("connect slot6")
        connected(6);       expect()
    }

    @Test
    fun fullPoolRetiresNoMoreWhereTheSuccessorCannotBeDialled() = aging(maxConnections = 2, minIdle = 2) {
        after(27.minutes);  expect("close slot1: LIFETIME")
        lost(1);            expect("connect slot3")
        connectFailed(3);   expect()
        after(50.seconds)
        dialling.forEach { connectFailed(it) }
        borrow("ann");      expect("connect slot4", "ann gets slot2")
    }

    @Test
    fun successorsOfSeveralAreDialledTogetherWhereThereIsRoom() = aging(maxConnections = 4, minIdle = 2) {
        after(27.minutes);  expect("connect slot3", "connect slot4")
        connected(3);       expect("close slot1: LIFETIME")
        connected(4);       expect("close slot2: LIFETIME")
    }

    @Test
    fun leasedOneIsReplacedWhenItComesBack() = aging(maxConnections = 2) {
        borrow("ann");      expect("ann gets slot1")
        after(1.seconds);   expect("connect slot2")
        connected(2)
        after(30.minutes)
        take()
        release(1);         expect("close slot1: LIFETIME")
    }

    @Test
    fun connectionBeyondWhatIsToBeKeptHasNoSuccessor() = PoolScript(limits(maxConnections = 4, maxLifetime = 30.minutes)).run {
        open(2)
        after(30.minutes);  expect("close slot1: LIFETIME", "close slot2: LIFETIME")
        lost(1)
        lost(2);            expect()
    }

    @Test
    fun closingPoolReplacesNothing() = aging(maxConnections = 2) {
        after(27.minutes);  expect("connect slot2")
        close();            expectInAnyOrder("close slot1: POOL_CLOSED", "cancel connect slot2")
        connected(2);       expect("close slot2: POOL_CLOSED")
        lost(1)
        lost(2);            expect("ended")
    }

    /** With idle connections that want a successor after 27 minutes and end after 30. */
    private fun aging(maxConnections: Int, minIdle: Int = 1, script: PoolScript.() -> Unit) =
        PoolScript(limits(maxConnections, minIdle, maxLifetime = 30.minutes, lifetimeJitter = 0.1)).run {
            (1..minIdle).forEach(::connected)
            take()
            script()
        }
}
