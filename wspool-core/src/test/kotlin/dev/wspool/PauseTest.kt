package dev.wspool

import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/** `pause` and `resume`: neither dials nor grants meanwhile. */
@OptIn(ExperimentalCoroutinesApi::class)
class PauseTest {
    private val connector = echoing()

    @Test
    fun nothingIsLentAndNothingDialled() = runTest {
        val pool = poolOf(connector) { minIdle = 1 }
        runCurrent()
        pool.pause()
        assertNull(pool.tryBorrow())
        connector.connections.single().dies(1000)
        val waiting = async { pool.borrow() }
        runCurrent()
        assertTrue(waiting.isActive)
        assertEquals(1, connector.dialCount)
        pool.resume()
        waiting.await()
        runCurrent()
        assertEquals(3, connector.dialCount)
        assertNotNull(pool.tryBorrow())
    }

    @Test
    fun callersWaitToTheirDeadline() = runTest {
        val pool = poolOf(connector)
        pool.withConnection { }
        pool.pause()
        val e = assertFailsWith<BorrowTimeoutException> { pool.borrow(3.seconds) }
        assertEquals(
            "No connection to ws://fake within 3s: 0 of 10 leased (maxConnections), 0 connecting, 0 waiting. " +
                "Last connect failure: none. Limited by a pause: the pool dials and lends nothing until it is resumed.",
            e.message,
        )
        assertEquals(3_000, currentTime)
        assertEquals(1, pool.stats.idle)
    }

    @Test
    fun callersAreServedInTheirOrderAfterIt() = runTest {
        val pool = poolOf(connector) { maxConnections = 1 }
        val held = pool.borrow()
        pool.pause()
        val served = ArrayList<String>()
        val callers = listOf("ann", "bob").map { name -> launch { pool.withConnection { served += name } } }
        runCurrent()
        held.release() // what comes back is kept
        runCurrent()
        assertEquals(1, pool.stats.idle)
        assertEquals(emptyList(), served)
        pool.resume()
        callers.joinAll()
        assertEquals(listOf("ann", "bob"), served)
        assertEquals(1, connector.dialCount)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aDrainServesWhoWaited() = runTest {
        val pool = poolOf(connector)
        pool.pause()
        val caller = async { pool.withConnection { id.value } }
        runCurrent()
        pool.drain(10.seconds)
        assertEquals("c1", caller.await())
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aCloseRefusesWhoWaited() = runTest {
        val pool = poolOf(connector)
        pool.pause()
        val caller = async { assertFailsWith<PoolClosedException> { pool.borrow() } }
        runCurrent()
        pool.close()
        caller.await()
        pool.assertNothingLeft(connector)
    }

    @Test
    fun whatIsSaidTwiceIsSaidOnce() = runTest {
        val pool = poolOf(connector)
        val events = ArrayList<String>()
        backgroundScope.launch { pool.events.collect { events += "$it" } }
        runCurrent()
        repeat(2) { pool.pause() }
        repeat(2) { pool.resume() }
        pool.close()
        pool.pause()
        pool.resume()
        runCurrent()
        assertEquals(listOf("ws://fake: paused", "ws://fake: resumed", "ws://fake: ended"), events)
    }
}
