package dev.wspool.internal.machine

import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/** Connections that come by themselves. */
class AdmitTest {
    private fun accepting(maxConnections: Int = 2, minIdle: Int = 0) =
        PoolScript(Limits(maxConnections, minIdle, dials = DialLimits(maxConcurrentConnects = 0)))

    @Test
    fun whoComesServesWhoHasWaitedLongestAndNobodyIsDialled() = accepting().run {
        borrow("ann")
        borrow("bob")
        expect()
        assertTrue(admit())
        expect("connect slot1")
        connected(1)
        expect("ann gets slot1")
        release(1)
        expect("bob gets slot1")
    }

    @Test
    fun noMoreAreLetInThanThereIsRoomFor() = accepting().run {
        assertTrue(admit() && admit())
        assertFalse(admit())
        expect("connect slot1", "connect slot2")
        connectFailed(2, isPermanent = true)
        assertTrue(admit())
        expect("connect slot3")
    }

    @Test
    fun howOneEndsSaysNothingAboutTheNext() = accepting().run {
        borrow("ann")
        admit()
        connectFailed(1, isPermanent = true)
        expect("connect slot1")
        assertTrue(isReady)
        admit()
        connected(2)
        expect("connect slot2", "ann gets slot2")
        borrow("bob")
        lost(2, Aftermath(stopsFor = Exception("gone for good"), backsOff = true))
        expect()
        assertTrue(isReady)
    }

    @Test
    fun whoseItIsFitsTheOwnerAlone() = accepting(maxConnections = 3).run {
        borrow("for ann", demand = Demand(key = "ann"))
        admit(owner = "bob")
        connected(1)
        admit()
        connected(2)
        expect("connect slot1", "connect slot2")
        admit(owner = "ann")
        connected(3)
        expect("connect slot3", "for ann gets slot3")
        borrow("for bob", demand = Demand(key = "bob", isHard = true))
        expect("for bob gets slot1")
    }

    @Test
    fun aPausedPoolLetsInAndADrainingOneDoesNot() = accepting().run {
        pause()
        assertTrue(admit())
        connected(1)
        borrow("ann")
        expect("connect slot1")
        resume()
        expect("ann gets slot1")
        drain()
        assertFalse(admit())
        expect()
        release(1)
        expect("close slot1: POOL_CLOSED")
        lost(1)
        expect("ended")
    }

    @Test
    fun aDrainEndsWhereNobodyCanComeForWhoWaits() = accepting().run {
        borrow("ann", demand = Demand(key = "ann"))
        admit()
        expect("connect slot1")
        drain(timeout = 60.seconds)
        expect()
        connected(1)
        expectInAnyOrder("close slot1: POOL_CLOSED", "ann is refused: CLOSED")
        lost(1)
        expect("ended")
    }

    @Test
    fun aPoolThatDialsTakesWhoComesToo() = PoolScript(maxConnections = 2).run {
        borrow("ann")
        expect("connect slot1")
        assertTrue(admit())
        connected(2)
        expect("connect slot2", "ann gets slot2")
        connectFailed(1)
        expect()
        assertEquals(2, capacity)
    }
}
