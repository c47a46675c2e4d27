package dev.wspool.internal.machine

import org.junit.jupiter.api.Test
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** What a group decides. */
class GroupMachineTest {
    private val inTurn = Chooser { candidates, _, number -> candidates[(number % candidates.size).toInt()] }
    private val one = Limits(maxConnections = 1, dials = PoolScript.DIALS)

    @Test
    fun callersAreSharedOutByTheBalancer() = GroupScript(3, chooser = inTurn).run {
        borrow("ann")
        expect("a dials")
        borrow("bob")
        expect("b dials")
        borrow("cat")
        expect("c dials")
        connected(2)
        expect("ann gets slot2")
        connected(1)
        connected(3)
        expect("bob gets slot1", "cat gets slot3")
    }

    @Test
    fun whoeverIsWarmServesAndTheChosenOneWarmsUp() = GroupScript(2, chooser = inTurn).run {
        borrow("ann")
        connected(1)
        release(1)
        expect("a dials", "ann gets slot1")
        borrow("bob")
        expect("b dials", "bob gets slot1")
    }

    @Test
    fun whicheverFreesFirstServesTheLongestWaiter() = GroupScript(2, limits = one).run {
        borrow("ann")
        borrow("bob")
        connected(1)
        connected(2)
        expect("a dials", "b dials", "ann gets slot1", "bob gets slot2")
        borrow("cat")
        borrow("dan")
        release(2)
        expect("cat gets slot2")
        release(1)
        expect("dan gets slot1")
    }

    @Test
    fun aDialThatFailsIsMadeElsewhere() = GroupScript(2).run {
        borrow("ann")
        expect("a dials")
        connectFailed(1)
        expect("b dials")
        connected(2)
        expect("ann gets slot2")
    }

    @Test
    fun nobodyWaitsForOneDialAlone() = GroupScript(2).run {
        borrow("ann")
        expect("a dials")
        after(999.milliseconds)
        expect()
        after(1.milliseconds)
        expect("b dials")
        connected(2)
        expect("ann gets slot2")
    }

    @Test
    fun aDialThatStallsIsCountedOnForNobody() = GroupScript(2).run {
        borrow("ann")
        after(1.seconds)
        expect("a dials", "b dials")
        borrow("bob")
        expect("b dials")
        connected(2)
        connected(3)
        expect("ann gets slot2", "bob gets slot3")
    }

    @Test
    fun anEndpointThatHasFailedIsProbedWithoutACaller() = GroupScript(2).run {
        borrow("ann")
        connectFailed(1)
        connected(2)
        expect("a dials", "b dials", "ann gets slot2")
        after(99.milliseconds)
        expect()
        after(1.milliseconds)
        expect("a dials")
        connected(3)
        after(10.seconds)
        expect()
    }

    @Test
    fun anEndpointThatFailsTooOftenIsEjectedAndProbed() =
        GroupScript(2, ejection = EjectionLimits(failures = 2, firstTime = 5_000_000_000L)).run {
            borrow("ann")
            connectFailed(1)
            connected(2)
            expect("a dials", "b dials", "ann gets slot2")
            after(100.milliseconds)
            connectFailed(3)
            expect("a dials", "a is OPEN")
            after(4.seconds)
            expect()
            after(1.seconds)
            expect("a is HALF_OPEN", "a dials")
            connectFailed(4)
            expect("a is OPEN")
            after(10.seconds)
            expect("a is HALF_OPEN", "a dials")
            connected(5)
            expect("a is CLOSED")
            borrow("bob")
            expect("bob gets slot5")
        }

    @Test
    fun neverMoreThanHalfAreEjected() = GroupScript(3, ejection = EjectionLimits(failures = 1)).run {
        borrow("ann")
        connectFailed(1)
        expect("a dials", "a is OPEN", "b dials")
        connectFailed(2)
        expect("c dials")
        connectFailed(3)
        expect()
        cancel("ann")
    }

    @Test
    fun whereEndpointsGoTheEjectedAreReadmitted() = GroupScript(2, ejection = EjectionLimits(failures = 1)).run {
        borrow("ann")
        connectFailed(1)
        expect("a dials", "a is OPEN", "b dials")
        leave('b')
        expect("a is CLOSED", "cancel connect slot2")
        cancel("ann")
        connectFailed(2)
        expect("b has left", "ended")
        after(100.milliseconds)
        expect("a dials")
    }

    @Test
    fun allTogetherHoldNoMoreThanTheGroupMay() = GroupScript(2, GroupLimits(maxConnections = 3)).run {
        for (caller in listOf("ann", "bob", "cat", "dan")) borrow(caller)
        expect("a dials", "b dials", "a dials")
        for (number in 1..3) connected(number)
        expect("ann gets slot1", "bob gets slot2", "cat gets slot3")
        release(2)
        expect("dan gets slot2")
    }

    @Test
    fun whatLiesIdleWithTheColdestMakesRoomForWhoMayHaveNoOther() =
        GroupScript(3, GroupLimits(maxConnections = 2), ejection = null).run {
            borrow("ann", only = 'a')
            borrow("bob", only = 'b')
            connected(1)
            connected(2)
            release(2)
            release(1)
            expect("a dials", "b dials", "ann gets slot1", "bob gets slot2")
            borrow("cat", only = 'c')
            expect("close slot1: UNFIT")
            lost(1)
            expect("c dials")
            connected(3)
            expect("cat gets slot3")
        }

    @Test
    fun whoKeepsConnectionsReadyGetsTheRoomThatAnotherLeaves() =
        GroupScript(2, GroupLimits(maxConnections = 1), Limits(maxConnections = 10, minIdle = 1, dials = PoolScript.DIALS), null).run {
            connected(1)
            expect("a dials")
            leave('a')
            expect("close slot1: POOL_CLOSED")
            lost(1)
            expect("b dials", "a has left", "ended")
        }

    @Test
    fun whoWaitsForOneMemberIsServedByNoOther() = GroupScript(2, limits = one, ejection = null).run {
        borrow("ann", only = 'a')
        connected(1)
        expect("a dials", "ann gets slot1")
        borrow("bob", only = 'a')
        borrow("cat", only = 'b')
        expect("b dials")
        connected(2)
        expect("cat gets slot2")
        release(2)
        expect()
        release(1)
        expect("bob gets slot1")
    }

    @Test
    fun aPermanentFailureIsToldWhereAllHaveIt() = GroupScript(2).run {
        borrow("ann")
        connectFailed(1, isPermanent = true)
        expect("a dials", "b dials")
        connectFailed(2, isPermanent = true)
        expect("ann is refused: CONNECT_FAILED")
    }

    @Test
    fun aCallerWhoseTimeIsOverIsTold() = GroupScript(1).run {
        borrow("ann", timeout = 2.seconds)
        expect("a dials")
        after(2.seconds)
        expect("ann is refused: TIMED_OUT")
    }

    @Test
    fun aMemberThatGoesLeavesItsLeasesTheirTime() = GroupScript(2).run {
        borrow("ann")
        connected(1)
        expect("a dials", "ann gets slot1")
        leave('a', within = 5.seconds)
        expect()
        borrow("bob")
        expect("b dials")
        after(5.seconds)
        expect("close slot1: POOL_CLOSED")
        lost(1)
        expect("a has left", "ended")
        cancel("bob")
    }

    @Test
    fun aDrainServesWhoWaitsAndThenEnds() = GroupScript(1, limits = one).run {
        borrow("ann")
        connected(1)
        borrow("bob")
        expect("a dials", "ann gets slot1")
        drain(10.seconds)
        borrow("cat")
        expect("cat is refused: DRAINING")
        release(1)
        expect("bob gets slot1")
        release(1)
        expect("close slot1: POOL_CLOSED")
        lost(1)
        expect("a has left", "group ended", "ended")
    }

    @Test
    fun aCloseRefusesWhoWaitsAndEndsLeases() = GroupScript(2, GroupLimits(maxConnections = 1)).run {
        borrow("ann")
        connected(1)
        borrow("bob")
        expect("a dials", "ann gets slot1")
        close()
        expect("b has left", "bob is refused: CLOSED", "close slot1: POOL_CLOSED", "ended")
        lost(1)
        expect("a has left", "group ended", "ended")
    }

    @Test
    fun whatIsGivenUpForAProbeIsForNobodyElse() = GroupScript(
        2,
        GroupLimits(maxConnections = 2),
        ejection = EjectionLimits(failures = 1),
    ).run {
        borrow("ann")
        connectFailed(1)
        connected(2)
        expect("a dials", "a is OPEN", "b dials", "ann gets slot2")
        borrow("bob")
        connected(3)
        borrow("cat")
        after(10.seconds)
        expect("b dials", "a is HALF_OPEN", "bob gets slot3")
        release(2)
        expect("close slot2: SURPLUS")
        lost(2)
        expect("a dials")
        connected(4)
        expect("a is CLOSED", "cat gets slot4")
    }
}
