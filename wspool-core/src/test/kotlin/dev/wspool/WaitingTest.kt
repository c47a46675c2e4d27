package dev.wspool

import dev.wspool.test.FakeConnector
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.fail

/** The callers who wait: their order, and how many there may be. */
@OptIn(ExperimentalCoroutinesApi::class)
class WaitingTest {
    private val connector = FakeConnector()

    @Test
    fun callersAreServedInTheOrderInWhichTheyCame() = runTest {
        val pool = poolOf(echoing()) { maxConnections = 1 }
        val held = pool.borrow()
        val served = ArrayList<Int>()
        val callers = List(5) { number -> launch { pool.withConnection { served += number } } }
        runCurrent()
        assertEquals(5, pool.stats.waiting)
        held.release()
        callers.joinAll()
        assertEquals(listOf(0, 1, 2, 3, 4), served)
        assertEquals(5, pool.stats.borrows - pool.stats.borrowsAtOnce - 1)
    }

    @Test
    fun aCallerWhoGaveUpDoesNotHoldUpTheNext() = runTest {
        val pool = poolOf(echoing()) { maxConnections = 1 }
        val held = pool.borrow()
        val impatient = launch { pool.withConnection { fail("was cancelled") } }
        val next = async { pool.withConnection { id } }
        runCurrent()
        impatient.cancelAndJoin()
        assertEquals(1, pool.stats.waiting)
        assertEquals(1, pool.stats.cancelled)
        held.release()
        assertEquals(held.id, next.await())
        pool.assertSound()
    }

    @Test
    fun oneWaiterTooManyIsRefusedAtOnce() = runTest {
        connector.autoConnect = true
        val pool = poolOf(connector) {
            maxConnections = 1
            maxWaiting = 2
        }
        val held = pool.borrow()
        val waiters = List(2) { async { pool.withConnection { id } } }
        runCurrent()
        val e = assertFailsWith<TooManyWaitersException> { pool.borrow() }
        assertEquals(
            "No place in the queue for ws://fake: 2 may wait (maxWaiting); 1 of 1 leased (maxConnections), 0 connecting, 2 waiting. " +
                "Longest lease: 0s. Last connect failure: none. Limited by maxConnections (1): 1 leased. " +
                "This caller holds 1 of the leases itself: who waits for himself waits in vain.",
            e.message,
        )
        assertEquals(0, currentTime)
        held.release()
        assertEquals(2, waiters.awaitAll().size)
    }

    @Test
    fun callersForWhomADialIsUnderWayDoNotCountAsWaitingTooLong() = runTest {
        val pool = poolOf(connector) {
            maxConnections = 3
            maxWaiting = 0
        }
        val callers = List(3) { async { pool.borrow() } }
        runCurrent()
        assertFailsWith<TooManyWaitersException> { pool.borrow() }
        repeat(3) { connector.awaitConnect().succeed() }
        assertEquals(3, callers.awaitAll().size)
    }
}
