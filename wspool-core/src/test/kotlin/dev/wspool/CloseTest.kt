package dev.wspool

import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** How a pool ends: [WebSocketPool.close] and [WebSocketPool.awaitClosed]. */
@OptIn(ExperimentalCoroutinesApi::class)
class CloseTest {
    private val connector = echoing()

    @Test
    fun closeEndsEverythingAndReturnsAtOnce() = runTest {
        val pool = poolOf(connector) { maxConnections = 2 }
        val lease = pool.borrow()
        pool.withConnection { }
        pool.close()
        assertEquals(0, pool.stats.leased)
        assertEquals(0, pool.stats.idle)
        assertEquals(2, pool.stats.closing)
        pool.awaitClosed()
        assertTrue(connector.connections.all { it.closedWith == CloseInfo(CloseInfo.GOING_AWAY) })
        assertEquals(mapOf(DestroyReason.PoolClosed to 2L), pool.stats.destroyed)
        lease.release()
        pool.assertNothingLeft(connector)
    }

    @Test
    fun closingTwiceIsHarmless() = runTest {
        val pool = poolOf(connector)
        pool.withConnection { }
        pool.close()
        pool.close()
        pool.awaitClosed()
        pool.close()
        pool.drain(1.seconds)
        pool.awaitClosed()
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aPoolThatWasNeverUsedClosesToo() = runTest {
        val pool = poolOf(connector)
        pool.close()
        pool.awaitClosed()
        pool.assertNothingLeft(connector)
        assertEquals(0, connector.closeCount, "the connector is its maker's")
    }

    @Test
    fun aClosedPoolLendsNothingAndSaysSo() = runTest {
        val pool = poolOf(connector)
        pool.withConnection { }
        pool.close()
        val e = assertFailsWith<PoolClosedException> { pool.borrow() }
        assertEquals("The pool for ws://fake is closed", e.message)
        assertNull(e.cause)
        assertFailsWith<PoolClosedException> { pool.borrow(Duration.ZERO) }
        assertFailsWith<PoolClosedException> { pool.withConnection { } }
        assertNull(pool.tryBorrow())
    }

    @Test
    fun callersWhoWaitAreToldOfTheClose() = runTest {
        val pool = poolOf(connector) { maxConnections = 1 }
        pool.borrow()
        val waiters = List(3) { async { assertFailsWith<PoolClosedException> { pool.borrow() } } }
        runCurrent()
        pool.close()
        assertEquals(setOf("The pool for ws://fake is closed"), waiters.awaitAll().map { it.message }.toSet())
        assertEquals(3, pool.stats.refused)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aReleaseAfterTheCloseIsHarmless() = runTest {
        val pool = poolOf(connector)
        val lease = pool.borrow()
        pool.close()
        pool.awaitClosed()
        lease.release()
        lease.invalidate()
        pool.assertNothingLeft(connector)
        assertEquals(mapOf(DestroyReason.PoolClosed to 1L), pool.stats.destroyed)
    }

    @Test
    fun aGrantUnderWayWhileThePoolClosesIsDeliveredEnded() = runTest {
        val pool = poolOf(connector) { maxConnections = 1 }
        val held = pool.borrow()
        val waiter = async { runCatching { pool.withConnection { send("too late") } } }
        runCurrent()
        held.release() // the waiter has the lease and has not run yet
        pool.close()
        assertIs<PoolClosedException>(waiter.await().exceptionOrNull())
        pool.assertNothingLeft(connector)
    }

    @Test
    fun awaitClosedWaitsForTheLastSocket() = runTest {
        connector.onConnection = { it.answersClose = false }
        val pool = poolOf(connector)
        pool.withConnection { }
        pool.close()
        val waiting = launch { pool.awaitClosed() }
        runCurrent()
        assertTrue(waiting.isActive)
        connector.connections.single().dies(1001)
        runCurrent()
        assertFalse(waiting.isActive)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aPeerThatDoesNotAnswerTheCloseIsAborted() = runTest {
        connector.onConnection = { it.answersClose = false }
        val pool = poolOf(connector)
        pool.borrow()
        pool.close()
        pool.awaitClosed()
        assertTrue(connector.connections.single().isAborted)
        assertEquals(2_000, currentTime)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aConnectionWhoseEndNobodyCanConfirmIsAbandoned() = runTest {
        connector.onConnection = {
            it.answersClose = false
            it.confirmsAbort = false
        }
        val pool = poolOf(connector)
        pool.borrow()
        pool.close()
        pool.awaitClosed()
        assertEquals(mapOf(DestroyReason.Abandoned to 1L), pool.stats.destroyed)
        assertEquals(7_000, currentTime)
        connector.connections.single().dies() // late, and of no account
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aCloseThatFailsOrHangsEndsInAnAbort() = runTest {
        for (behavior in listOf(FakeBehavior.Fails(), FakeBehavior.Never, FakeBehavior.Fails { CancellationException("its own") })) {
            val connector = FakeConnector(autoConnect = true) { it.closing = behavior }
            val pool = poolOf(connector)
            pool.withConnection { }
            pool.close()
            pool.awaitClosed()
            assertTrue(connector.connections.single().isAborted, "$behavior")
            pool.assertNothingLeft(connector)
        }
    }

    @Test
    fun closingGivesUpDialsThatAreUnderWay() = runTest {
        val connector = FakeConnector()
        val pool = poolOf(connector)
        val waiter = async { assertFailsWith<PoolClosedException> { pool.borrow() } }
        val dial = connector.awaitConnect()
        pool.close()
        waiter.await()
        pool.awaitClosed()
        assertTrue(dial.isCancelled)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aDialThatSucceedsAfterTheCloseIsClosedToo() = runTest {
        val connector = FakeConnector()
        connector.onDial = { it.ignoresCancellation = true }
        val pool = poolOf(connector)
        launch { assertFailsWith<PoolClosedException> { pool.borrow() } }
        val dial = connector.awaitConnect()
        pool.close()
        dial.awaitCancelled()
        val connection = dial.succeed()
        pool.awaitClosed()
        assertEquals(CloseInfo(CloseInfo.GOING_AWAY), connection.closedWith)
        pool.assertNothingLeft(connector)
    }
}
