package dev.wspool

import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNull
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** [WebSocketPool.drain]: who was there is served, and then the pool closes. */
@OptIn(ExperimentalCoroutinesApi::class)
class DrainTest {
    private val connector = echoing()

    @Test
    fun drainServesWhoWaitsThenWaitsForLeasesAndThenCloses() = runTest {
        val pool = poolOf(connector) { maxConnections = 1 }
        val held = pool.borrow()
        val waiter = async {
            pool.withConnection {
                delay(1.seconds)
                send("served")
                receiveText()
            }
        }
        runCurrent()
        val drain = launch { pool.drain(1.minutes) }
        runCurrent()
        val e = assertFailsWith<PoolClosedException> { pool.borrow() }
        assertEquals("The pool for ws://fake is draining: it lends no more", e.message)
        assertNull(pool.tryBorrow())
        held.release()
        assertEquals("served", waiter.await())
        drain.join()
        assertEquals(1_000, currentTime)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun drainClosesIdleConnectionsAtOnce() = runTest {
        val pool = poolOf(connector) { minIdle = 2 }
        runCurrent()
        val held = pool.borrow()
        val drain = launch { pool.drain(1.minutes) }
        runCurrent()
        assertEquals(1, pool.stats.total)
        held.release()
        drain.join()
        assertEquals(0, currentTime)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun drainClosesWhatIsLeftWhenItsTimeIsOver() = runTest {
        val pool = poolOf(connector) { maxConnections = 1 }
        val held = pool.borrow()
        val waiter = async { assertFailsWith<PoolClosedException> { pool.borrow(1.hours) } }
        runCurrent()
        pool.drain(30.seconds)
        assertEquals(30_000, currentTime)
        waiter.await()
        assertFailsWith<PoolClosedException> { held.send("too late") }
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aDrainWithoutTimeIsAClose() = runTest {
        val pool = poolOf(connector)
        pool.borrow()
        pool.drain(Duration.ZERO)
        assertEquals(0, currentTime)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun theEarlierOfTwoDrainsCounts() = runTest {
        val pool = poolOf(connector)
        pool.borrow()
        val patient = launch { pool.drain(Duration.INFINITE) }
        pool.drain(5.seconds)
        patient.join()
        assertEquals(5_000, currentTime)
    }

    @Test
    fun aCancelledDrainLeavesThePoolDraining() = runTest {
        val pool = poolOf(connector)
        val held = pool.borrow()
        val drain = launch { pool.drain(1.minutes) }
        runCurrent()
        drain.cancelAndJoin()
        assertFailsWith<PoolClosedException> { pool.borrow() }
        held.send("still mine")
        held.receive()
        held.release()
        pool.awaitClosed()
        assertEquals(0, currentTime)
        pool.assertNothingLeft(connector)
    }
}
