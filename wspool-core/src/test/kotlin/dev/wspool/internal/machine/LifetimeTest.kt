package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** Connections live for half an hour at most. What is to be kept is replaced: see [RefreshTest]. */
class LifetimeTest {
    @Test
    fun idleConnectionThatHasLivedItsLifeIsClosed() = living {
        open(1)
        after(30.minutes - 1.milliseconds);  expect()
        after(1.milliseconds);               expect("close slot1: LIFETIME")
        lost(1)
        assertEquals(1, tally.destroyed(Ending.LIFETIME))
    }

    @Test
    fun useDoesNotMakeALifeLonger() = living {
        open(1)
        after(29.minutes)
        borrow("ann")
        release(1);                          expect("ann gets slot1")
        after(1.minutes);                    expect("close slot1: LIFETIME")
    }

    @Test
    fun leaseGoesOnAndItsConnectionIsNotLentAgain() = living {
        open(1)
        borrow("ann");                       expect("ann gets slot1")
        after(60.minutes);                   expect()
        release(1);                          expect("close slot1: LIFETIME")
    }

    @Test
    fun whoWaitsForAConnectionThatHasLivedItsLifeGetsAFreshOne() = living(maxConnections = 1) {
        open(1)
        borrow("ann");                       expect("ann gets slot1")
        borrow("bob")
        after(31.minutes);                   expect()
        release(1);                          expect("close slot1: LIFETIME")
        lost(1);                             expect("connect slot2")
        connected(2);                        expect("bob gets slot2")
    }

    @Test
    fun chanceOnlyShortensALife() = PoolScript(limits(maxLifetime = 30.minutes, lifetimeJitter = 0.1)).run {
        open(1)
        after(27.minutes - 1.milliseconds);  expect()
        after(1.milliseconds);               expect("close slot1: LIFETIME") // chance was 1
    }

    @Test
    fun livesThatBeginTogetherEndApart() = PoolScript(limits(maxLifetime = 30.minutes, lifetimeJitter = 0.1)).run {
        repeat(3) { borrow("caller$it") }
        listOf(0.0, 0.5, 1.0).forEachIndexed { index, luck ->
            chance = luck
            connected(index + 1)
        }
        repeat(3) { release(it + 1) }
        take()
        after(27.minutes);                   expect("close slot3: LIFETIME")
        after(90.seconds);                   expect("abort slot3", "close slot2: LIFETIME")
        after(90.seconds);                   expect("abort slot2", "close slot1: LIFETIME")
    }

    @Test
    fun minRemainingLifetimeIsTakenOffTheTimeForWhichItIsLent() {
        PoolScript(limits(maxLifetime = 30.minutes, minRemainingLifetime = 10.minutes)).run {
            open(1)
            after(20.minutes - 1.milliseconds);  expect()
            after(1.milliseconds);               expect("close slot1: LIFETIME")
        }
    }

    @Test
    fun idleTimeMayEndItSooner() = PoolScript(limits(maxIdleTime = 1.minutes, maxLifetime = 30.minutes)).run {
        open(1)
        after(61.seconds);                   expect("close slot1: IDLE_TOO_LONG")
        lost(1)
        after(30.minutes);                   expect()
    }

    private fun living(maxConnections: Int = 3, script: PoolScript.() -> Unit) =
        PoolScript(limits(maxConnections, maxLifetime = 30.minutes)).run(script)
}
