package dev.wspool

import dev.wspool.test.FakeConnector
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeMark
import kotlin.time.TimeSource

/** How a pool dials, and whom the new connection serves. */
@OptIn(ExperimentalCoroutinesApi::class)
class ConnectTest {
    private val connector = FakeConnector()

    @Test
    fun aCallerWaitsForTheDialThatHeCaused() = runTest {
        val pool = poolOf(connector, "ws://fake/path")
        val caller = async { pool.borrow() }
        val dial = connector.awaitConnect()
        assertEquals(Endpoint("ws://fake/path"), dial.endpoint)
        assertEquals(1, pool.stats.connecting)
        dial.succeed()
        caller.await()
        assertEquals(1, pool.stats.leased)
        assertEquals(1, pool.stats.created)
    }

    @Test
    fun aDialWhoseCallerGaveUpIsKeptForTheNext() = runTest {
        val pool = poolOf(connector)
        val caller = launch { pool.borrow() }
        val dial = connector.awaitConnect()
        caller.cancelAndJoin()
        assertFalse(dial.isCancelled)
        dial.succeed()
        runCurrent()
        assertEquals(1, pool.stats.idle)
        assertFalse(pool.borrow().isReused)
        assertEquals(1, connector.dialCount)
        assertEquals(1, pool.stats.cancelled)
    }

    @Test
    fun aDialWhoseCallerTimedOutIsKeptForTheNext() = runTest {
        val pool = poolOf(connector)
        assertFailsWith<BorrowTimeoutException> { pool.borrow(1.seconds) }
        val next = async { pool.borrow() }
        runCurrent()
        connector.awaitConnect().succeed()
        next.await()
        assertEquals(1, connector.dialCount)
    }

    @Test
    fun aReturnedConnectionServesTheCallerBeforeHisDialDoes() = runTest {
        val pool = poolOf(connector)
        val first = async { pool.borrow() }
        connector.awaitConnect().succeed()
        val held = first.await()
        val second = async { pool.borrow() }
        val dial = connector.awaitConnect()
        held.release()
        assertEquals(held.id, second.await().id)
        dial.succeed()
        runCurrent()
        assertEquals(1, pool.stats.idle)
    }

    @Test
    fun aDialHasItsTime() = runTest {
        val pool = poolOf(connector) {
            connectTimeout = 3.seconds
            borrowTimeout = 3.seconds + 50.milliseconds
        }
        val e = assertFailsWith<BorrowTimeoutException> { pool.borrow() }
        assertEquals(
            "No connection to ws://fake within 3.05s: 0 of 10 leased (maxConnections), 0 connecting, 0 waiting. " +
                "Last connect failure: ws://fake did not answer within 3s (connectTimeout). " +
                "Limited by backoff: the next dial is made in 49ms.",
            e.message,
        )
        assertIs<ConnectTimeoutException>(e.cause)
        assertTrue(connector.awaitConnect().isCancelled)
        assertEquals(1, pool.stats.connectFailures)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aConnectionThatComesInSpiteOfItsTimeoutIsUsed() = runTest {
        connector.onDial = { it.ignoresCancellation = true }
        val pool = poolOf(connector) { connectTimeout = 3.seconds }
        val caller = async { pool.borrow(1.minutes) }
        val dial = connector.awaitConnect()
        dial.awaitCancelled()
        assertEquals(3_000, currentTime)
        dial.succeed()
        caller.await().release()
        assertEquals(1, connector.dialCount)
        assertEquals(1, pool.stats.idle)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aConnectionThatDiesWhileThePoolHearsOfItIsLost() = runTest {
        var atNextLook: () -> Unit = {}
        val clock = object : TimeSource {
            override fun markNow(): TimeMark = object : TimeMark {
                override fun elapsedNow(): Duration {
                    atNextLook.also { atNextLook = {} }()
                    return currentTime.milliseconds
                }
            }
        }
        connector.onConnection = { atNextLook = { it.dies(1011) } } // in the turn that takes it in
        val pool = poolOf(connector) { timeSource = clock }
        val caller = async { pool.withConnection { assertFailsWith<ConnectionLostException> { receive() } } }
        connector.awaitConnect().succeed()
        assertEquals(1011, caller.await().closeInfo.code)
        assertEquals(mapOf(DestroyReason.Lost to 1L), pool.stats.destroyed)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aDialThatIgnoresItsCancellationIsGivenUpAndWhatItOpensIsAborted() = runTest {
        connector.onDial = { it.ignoresCancellation = connector.dialCount == 1 }
        val pool = poolOf(connector) { connectTimeout = 3.seconds }
        val caller = async { pool.borrow(1.minutes) }
        val hung = connector.awaitConnect()
        val next = connector.awaitConnect() // 3 s and 5 s, then the delay after a failure
        assertTrue(currentTime >= 8_000, "$currentTime")
        assertEquals(1, pool.stats.connectFailures)
        val late = hung.succeed()
        next.succeed()
        caller.await().release()
        runCurrent()
        assertTrue(late.isAborted)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aDialThatIgnoresItsCancellationDoesNotKeepAPoolFromEnding() = runTest {
        connector.onDial = { it.ignoresCancellation = true }
        val pool = poolOf(connector)
        val caller = async { runCatching { pool.borrow() } }
        val hung = connector.awaitConnect()
        pool.close()
        pool.awaitClosed()
        assertEquals(5_000, currentTime)
        assertIs<PoolClosedException>(caller.await().exceptionOrNull())
        hung.succeed()
        runCurrent()
        pool.assertNothingLeft(connector)
    }
}
