package dev.wspool

import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse

/** To borrow a connection that nobody has had before. */
class FreshConnectionTest {
    private val connector = echoing()
    private val fresh = BorrowRequest(isFresh = true)

    @Test
    fun oneThatHasBeenLentIsForOthers() = runTest {
        val pool = poolOf(connector)
        pool.withConnection { }
        assertFalse(pool.withConnection(fresh) { isReused })
        assertEquals(2, connector.dialCount)
        assertEquals(2, pool.stats.idle)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun oneThatLiesReadyIsFresh() = runTest {
        val pool = poolOf(connector)
        pool.warmUp(1)
        assertFalse(pool.withConnection(fresh) { isReused })
        assertEquals(1, connector.dialCount)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun inAFullPoolOneThatHasBeenLentMakesRoom() = runTest {
        val pool = poolOf(connector) { maxConnections = 1 }
        pool.withConnection { }
        assertEquals("c2", pool.withConnection(fresh) { id.value })
        assertEquals(mapOf(DestroyReason.Unfit to 1L), pool.stats.destroyed)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aHookThatWantsAnotherGetsAnotherFreshOne() = runTest {
        var asked = 0
        val pool = poolOf(connector) { onBorrow { ++asked != 2 } }
        pool.withConnection { }
        assertFalse(pool.withConnection(fresh) { isReused })
        assertEquals(3, asked)
        assertEquals(3, connector.dialCount)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun oneWithANameOrAKeyIsNotFresh() {
        val text = "A fresh connection has no id yet, and has served no key"
        for (wish in listOf<() -> BorrowRequest>(
            { BorrowRequest(id = ConnectionId("c1"), isFresh = true) },
            { BorrowRequest(affinity = AffinityKey("user-7", isHard = true), isFresh = true) },
        )) {
            assertEquals(text, assertFailsWith<IllegalArgumentException> { wish() }.message)
        }
        BorrowRequest(affinity = AffinityKey("user-7"), isFresh = true)
    }
}
