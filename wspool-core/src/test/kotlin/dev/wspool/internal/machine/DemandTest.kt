package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** Callers who insist: on one particular connection, or on so much of its life. */
class DemandTest {
    private val slot1 = Demand(id = 1L)
    private val slot2 = Demand(id = 2L)
    private val tenMinutes = Demand(minRemaining = 10.minutes.inWholeNanoseconds)
    private val fresh = Demand(isFresh = true)

    @Test
    fun namedConnectionIsLentThoughANewerOneIsIdle() = PoolScript().run {
        open(2)
        borrow("ann", demand = slot1);  expect("ann gets slot1")
    }

    @Test
    fun callerWaitsForTheNamedConnectionAndCausesNoDial() = PoolScript().run {
        open(2)
        borrow("ann");                  expect("ann gets slot2")
        borrow("bob", demand = slot2);  expect()
        release(2);                     expect("bob gets slot2")
    }

    @Test
    fun callerForAConnectionThatIsNotThereWaitsToHisDeadline() = PoolScript(maxConnections = 1).run {
        open(1)
        borrow("ann", timeout = 2.seconds, demand = slot2);  expect()
        after(2.seconds);                                    expect("ann is refused: TIMED_OUT")
        borrow("bob");                                       expect("bob gets slot1")
    }

    @Test
    fun callerForAConnectionThatIsToComeGetsItWhenItDoes() = PoolScript().run {
        borrow("ann", demand = Demand(id = "a1b2c3d4"));  expect()
        borrow("bob");                                    expect("connect slot1")
        identify(1, "a1b2c3d4")
        connected(1);                                     expect("ann gets slot1", "connect slot2")
        connected(2);                                     expect("bob gets slot2")
    }

    @Test
    fun whoWaitsForANamedConnectionHoldsUpNobodyElse() = PoolScript(maxConnections = 2).run {
        open(2)
        borrow("ann")
        borrow("bob");                  expect("ann gets slot2", "bob gets slot1")
        borrow("cat", demand = slot1)
        borrow("dan")
        borrow("eve");                  expect()
        release(2);                     expect("dan gets slot2")
        release(1);                     expect("cat gets slot1")
        release(1);                     expect("eve gets slot1")
    }

    @Test
    fun longestWaitingOfThoseWhomItFitsIsServed() = PoolScript(maxConnections = 1).run {
        open(1)
        borrow("ann");                  expect("ann gets slot1")
        borrow("bob", demand = slot2)
        borrow("cat", demand = slot1)
        borrow("dan");                  expect()
        release(1);                     expect("cat gets slot1")
        release(1);                     expect("dan gets slot1")
        cancel("bob")
    }

    @Test
    fun namedConnectionIsProvedFirstWhereItMustBe() = PoolScript(limits(validateAfterIdle = 1.minutes)).run {
        open(2)
        after(62.seconds)
        borrow("ann", demand = slot1);  expect("ping slot1")
        pong(1);                        expect("ann gets slot1")
    }

    @Test
    fun namedConnectionIsProvedWhileADialForAnotherIsUnderWay() {
        PoolScript(limits(maxConnections = 3, minIdle = 2, validateAfterIdle = 1.minutes)).run {
            expect("connect slot1", "connect slot2")
            connected(1)
            after(62.seconds)
            borrow("ann", demand = slot1);  expect("ping slot1")
            pong(1);                        expect("ann gets slot1", "connect slot3")
        }
    }

    @Test
    fun connectionWithTooLittleOfItsLifeLeftIsNotLentToWhoNeedsMore() = PoolScript(limits(maxLifetime = 30.minutes)).run {
        open(1)
        after(21.minutes)
        borrow("ann", demand = tenMinutes);  expect("connect slot2")
        connected(2);                        expect("ann gets slot2")
        borrow("bob");                       expect("bob gets slot1")
    }

    @Test
    fun connectionWithEnoughOfItsLifeLeftIsLent() = PoolScript(limits(maxLifetime = 30.minutes)).run {
        open(1)
        after(20.minutes)
        borrow("ann", demand = tenMinutes);  expect("ann gets slot1")
    }

    @Test
    fun connectionWithoutEndFitsWhoNeedsALongLife() = PoolScript().run {
        open(1)
        borrow("ann", demand = tenMinutes);  expect("ann gets slot1")
    }

    @Test
    fun whoWantsAFreshConnectionGetsNoneThatHasBeenLent() = PoolScript().run {
        borrow("ann");                  expect("connect slot1")
        cancel("ann")
        connected(1);                   expect()
        borrow("bob", demand = fresh);  expect("bob gets slot1")
        release(1)
        borrow("cat", demand = fresh);  expect("connect slot2")
        connected(2);                   expect("cat gets slot2")
        borrow("dan");                  expect("dan gets slot1")
    }

    @Test
    fun whoWantsAFreshConnectionHoldsUpNobodyElse() = PoolScript(maxConnections = 2).run {
        open(2)
        borrow("ann")
        borrow("bob");                  expect("ann gets slot2", "bob gets slot1")
        borrow("cat", demand = fresh)
        borrow("dan");                  expect()
        release(2);                     expect("dan gets slot2")
        release(1);                     expect("close slot1: UNFIT")
        lost(1);                        expect("connect slot3")
        connected(3);                   expect("cat gets slot3")
    }

    @Test
    fun nothingIsDialledForWhoNeedsMoreThanAnyLife() = PoolScript(limits(maxConnections = 1, maxLifetime = 5.minutes)).run {
        open(1)
        borrow("ann", timeout = 2.seconds, demand = tenMinutes);  expect()
        after(2.seconds);                                         expect("ann is refused: TIMED_OUT")
    }

    @Test
    fun nothingIsDialledWithoutEndWhereLivesBecomeShorter() = PoolScript(limits(maxConnections = 1, maxLifetime = 30.minutes)).run {
        borrow("ann", demand = tenMinutes);                            expect("connect slot1")
        reconfigure(limits(maxConnections = 1, maxLifetime = 5.minutes))
        connected(1);                                                  expect()
        borrow("bob");                                                 expect("bob gets slot1")
        cancel("ann")
    }
}
