package dev.wspool

import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNotEquals
import kotlin.test.assertTrue

/** Affinity: the connection that served a key last serves it again, if it can or where that is insisted on. */
@OptIn(ExperimentalCoroutinesApi::class)
class AffinityTest {
    private val connector = echoing()
    private val soft = AffinityKey("user-7")
    private val hard = AffinityKey("user-7", isHard = true)

    @Test
    fun aKeyGetsTheConnectionThatServedItLast() = runTest {
        for (key in listOf(soft, hard)) {
            val pool = poolOf(connector)
            val leases = List(3) { pool.borrow(BorrowRequest(affinity = AffinityKey("user-$it"))) }
            leases.forEach(Lease::release)
            assertEquals(leases[1].id, pool.withConnection(AffinityKey("user-1", key.isHard)) { id })
            assertEquals(leases[0].id, pool.withConnection(AffinityKey("user-0", key.isHard)) { id })
            pool.assertNothingLeft(connector)
        }
    }

    @Test
    fun aSoftOneIsContentWithAnother() = runTest {
        val pool = poolOf(connector)
        val other = pool.borrow()
        val bound = pool.borrow(BorrowRequest(affinity = soft))
        other.release()
        assertEquals(other.id, pool.withConnection(soft) { id })
        bound.release()
        assertEquals(other.id, pool.withConnection(soft) { id }, "the last that served it")
    }

    @Test
    fun aHardOneWaitsForItsConnectionAndLetsOthersPass() = runTest {
        val pool = poolOf(connector)
        val other = pool.borrow()
        val bound = pool.borrow(BorrowRequest(affinity = hard))
        val caller = async { pool.borrow(BorrowRequest(affinity = hard)) }
        runCurrent()
        other.release()
        assertEquals(other.id, pool.withConnection { id })
        assertTrue(caller.isActive)
        assertEquals(2, connector.dialCount)
        bound.release()
        assertEquals(bound.id, caller.await().id)
    }

    @Test
    fun aHardOneWhoseConnectionHasEndedIsBoundToTheNext() = runTest {
        val pool = poolOf(connector) { maxConnections = 1 }
        val bound = pool.borrow(BorrowRequest(affinity = hard))
        val caller = async { pool.withConnection(hard) { id } }
        runCurrent()
        bound.invalidate()
        val next = caller.await()
        assertNotEquals(bound.id, next)
        assertEquals(next, pool.withConnection(hard) { id })
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aKeyNamesNobodyInATextAndEqualsItself() {
        assertEquals("AffinityKey(soft)", "$soft")
        assertEquals("AffinityKey(hard)", "$hard")
        assertEquals(AffinityKey("user-7"), soft)
        assertEquals(AffinityKey("user-7").hashCode(), soft.hashCode())
        assertFalse(soft == hard || soft == AffinityKey("user-8") || soft.equals("user-7"))
    }
}
