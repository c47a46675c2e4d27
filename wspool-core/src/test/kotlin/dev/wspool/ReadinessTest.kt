package dev.wspool

import dev.wspool.test.FakeConnector
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/** `isReady` and `awaitReady`: whether a caller need expect to be kept waiting. */
@OptIn(ExperimentalCoroutinesApi::class)
class ReadinessTest {
    private val connector = FakeConnector()

    private fun TestScope.pool(keeps: Int) = poolOf(connector) {
        minIdle = keeps
        onBackgroundError { } // a dial that a test leaves unanswered fails in the end
    }

    @Test
    fun aPoolIsReadyWhenItHoldsWhatItIsToHold() = runTest {
        val pool = pool(2)
        val waiting = launch { pool.awaitReady() }
        connector.awaitConnect().succeed()
        runCurrent()
        assertFalse(pool.isReady)
        assertTrue(waiting.isActive)
        connector.awaitConnect().succeed()
        waiting.join()
        assertTrue(pool.isReady)
        pool.awaitReady()
    }

    @Test
    fun oneThatIsToHoldNothingIsReadyAtOnce() = runTest {
        val pool = poolOf(connector)
        pool.awaitReady()
        assertTrue(pool.isReady)
    }

    @Test
    fun afterAFailedDialItIsReadyWhenOneGoesWell() = runTest {
        val pool = poolOf(connector)
        val caller = async { pool.borrow() }
        connector.awaitConnect().refuse()
        runCurrent()
        assertFalse(pool.isReady)
        val waiting = launch { pool.awaitReady() }
        connector.awaitConnect().succeed()
        waiting.join()
        caller.await()
        assertTrue(pool.isReady)
    }

    @Test
    fun whileItPausesItIsNot() = runTest {
        val pool = poolOf(connector)
        pool.pause()
        assertFalse(pool.isReady)
        val waiting = launch { pool.awaitReady() }
        runCurrent()
        assertTrue(waiting.isActive)
        pool.resume()
        waiting.join()
    }

    @Test
    fun whileItProvesItsConnectionsItIsNot() = runTest {
        connector.autoConnect = true
        val pool = pool(2)
        pool.awaitReady()
        val (first, second) = connector.connections
        second.answersPing = false
        first.dies()
        runCurrent()
        assertFalse(pool.isReady)
        val waiting = launch { pool.awaitReady() }
        runCurrent()
        second.pongs(second.pings.single())
        waiting.join()
        assertEquals(0, currentTime)
    }

    @Test
    fun lessThatIsToBeHeldMakesItReady() = runTest {
        val pool = pool(2)
        val waiting = launch { pool.awaitReady() }
        connector.awaitConnect().succeed()
        runCurrent()
        pool.reconfigure { minIdle = 1 }
        waiting.join()
    }

    @Test
    fun whoWaitsIsToldOfTheClose() = runTest {
        val pool = pool(1)
        val waiting = async { assertFailsWith<PoolClosedException> { pool.awaitReady() } }
        runCurrent()
        pool.close()
        assertEquals("The pool for ws://fake is closed", waiting.await().message)
        assertFailsWith<PoolClosedException> { pool.awaitReady() }
        assertFalse(pool.isReady)
    }

    @Test
    fun whoWaitsIsToldOfTheEndOfADrain() = runTest {
        connector.autoConnect = true
        val pool = poolOf(connector)
        val held = pool.borrow()
        val draining = launch { pool.drain(10.seconds) }
        runCurrent()
        val waiting = async { assertFailsWith<PoolClosedException> { pool.awaitReady() } }
        held.release()
        waiting.await()
        draining.join()
    }

    @Test
    fun cancelledItChangesNothing() = runTest {
        val pool = pool(1)
        val waiting = launch { pool.awaitReady() }
        runCurrent()
        waiting.cancelAndJoin()
        connector.awaitConnect().succeed()
        runCurrent()
        assertTrue(pool.isReady)
    }
}
