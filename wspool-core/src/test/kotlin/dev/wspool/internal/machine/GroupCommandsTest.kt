package dev.wspool.internal.machine

import org.junit.jupiter.api.Test
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/** What is wanted of a group as a whole. */
class GroupCommandsTest {
    private val one = Limits(maxConnections = 1, dials = PoolScript.DIALS)

    @Test
    fun aGroupThatIsPausedNeitherDialsNorLends() = GroupScript(2).run {
        borrow("ann")
        connected(1)
        expect("a dials", "ann gets slot1")
        pause()
        release(1)
        borrow("bob")
        join('c')
        borrow("cat", timeout = 1.seconds)
        after(1.seconds)
        expect("cat is refused: TIMED_OUT")
        resume()
        expect("bob gets slot1")
    }

    @Test
    fun aGroupThatIsPausedCanBeDrained() = GroupScript(1).run {
        pause()
        borrow("ann")
        expect()
        drain(10.seconds)
        expect("a dials")
        connected(1)
        expect("ann gets slot1")
        release(1)
        expect("close slot1: POOL_CLOSED")
        lost(1)
        expect("a has left", "group ended", "ended")
    }

    @Test
    fun whereFewerMayBeTheIdleOnesGoThatWereUsedLongestAgo() = GroupScript(2, limits = one).run {
        borrow("ann", only = 'a')
        borrow("bob", only = 'b')
        connected(1)
        connected(2)
        release(1)
        release(2)
        expect("a dials", "b dials", "ann gets slot1", "bob gets slot2")
        reconfigure(GroupLimits(maxConnections = 1))
        expect("close slot1: SURPLUS")
    }

    @Test
    fun whereFewerMayBeALeasedOneGoesWhenItComesBack() = GroupScript(2, limits = one).run {
        borrow("ann")
        borrow("bob")
        connected(1)
        connected(2)
        expect("a dials", "b dials", "ann gets slot1", "bob gets slot2")
        reconfigure(GroupLimits(maxConnections = 1))
        borrow("cat")
        release(1)
        expect("close slot1: SURPLUS")
        lost(1)
        release(2)
        expect("cat gets slot2")
    }

    @Test
    fun whereFewerMayBeADialThatComesLateServesNobody() = GroupScript(2, limits = one).run {
        borrow("ann")
        borrow("bob")
        connected(1)
        expect("a dials", "b dials", "ann gets slot1")
        reconfigure(GroupLimits(maxConnections = 1))
        connected(2)
        expect("close slot2: SURPLUS")
        release(1)
        expect("bob gets slot1")
    }

    @Test
    fun whereMoreMayBeWhoWaitsIsDialledFor() = GroupScript(2, GroupLimits(maxConnections = 1), one).run {
        borrow("ann")
        connected(1)
        borrow("bob")
        expect("a dials", "ann gets slot1")
        reconfigure(GroupLimits(maxConnections = 2))
        expect("b dials")
    }

    @Test
    fun aWarmUpHasWhatTheGroupMayHave() = GroupScript(2, GroupLimits(maxConnections = 3)).run {
        borrow("ann", only = 'b')
        connected(1)
        expect("b dials", "ann gets slot1")
        warmUp('a', 5)
        expect("a dials", "a dials")
        connected(2)
        connected(3)
        expect("warm-up of a is over: 2 ready")
    }

    @Test
    fun aGroupIsReadyWhereAnEndpointThatServesIs() = GroupScript(1, limits = Limits(1, minIdle = 1, dials = PoolScript.DIALS)).run {
        assertFalse(machine.isReady)
        connected(1)
        expect("a dials")
        assertTrue(machine.isReady)
        pause()
        assertFalse(machine.isReady)
        resume()
        assertTrue(machine.isReady)
        leave('a')
        assertFalse(machine.isReady)
        expect("close slot1: POOL_CLOSED")
    }

    @Test
    fun whoIsAloneWaitedForDoesNotGoThoughNothingCanBeDialledForHim() = GroupScript(
        2,
        GroupLimits(maxConnections = 1, maxMembers = 2, maxEmptyTime = 60_000_000_000L),
        ejection = null,
    ).run {
        borrow("ann", only = 'a')
        connected(1)
        borrow("bob", only = 'b')
        expect("a dials", "ann gets slot1")
        after(120.seconds)
        assertFalse(makeRoom(), "both are used")
        release(1)
        expect("close slot1: UNFIT")
        lost(1)
        expect("b dials")
    }

    @Test
    fun whoIsServedByOneThatHasLeftIsTold() = GroupScript(2).run {
        leave('a')
        expect("a has left", "ended")
        borrow("ann", only = 'a')
        expect("ann is refused: MEMBER_LEFT")
        assertTrue(machine.tally.refused == 0L, "he asks anew")
    }

    @Test
    fun whatIsGivenUpWaitsBeforeAllOthers() = GroupScript(1, limits = one).run {
        borrow("ann")
        connected(1)
        borrow("bob")
        expect("a dials", "ann gets slot1")
        borrowAgain("ann")
        release(1)
        expect("ann gets slot1")
    }
}
