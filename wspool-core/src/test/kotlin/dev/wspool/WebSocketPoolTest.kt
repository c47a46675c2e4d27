package dev.wspool

import app.cash.turbine.test
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNotEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertSame
import kotlin.test.assertTrue
import kotlin.test.fail
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** What a pool lends, to whom, and when. */
@OptIn(ExperimentalCoroutinesApi::class)
class WebSocketPoolTest {
    @Test
    fun aReturnedConnectionIsLentAgain() = runTest {
        val connector = echoing()
        val pool = poolOf(connector)
        val first = pool.withConnection {
            assertFalse(isReused)
            send("hello")
            assertEquals("hello", receiveText())
            id
        }
        pool.withConnection {
            assertTrue(isReused)
            assertEquals(first, id)
        }
        assertEquals(1, connector.dialCount)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun theNewestIdleConnectionIsLentFirst() = runTest {
        val pool = poolOf(echoing())
        val older = pool.borrow()
        val newer = pool.borrow()
        newer.release()
        older.release()
        assertEquals(older.id, pool.borrow().id)
        assertEquals(newer.id, pool.borrow().id)
    }

    @Test
    fun noMoreConnectionsAreOpenedThanAllowed() = runTest {
        val connector = echoing()
        val pool = poolOf(connector) { maxConnections = 3 }
        repeat(50) {
            launch {
                pool.withConnection {
                    send("$it")
                    delay(10.milliseconds)
                    assertEquals("$it", receiveText())
                }
            }
        }
        advanceTimeBy(1.seconds)
        assertEquals(3, connector.mostAtOnce)
        assertEquals(50, pool.stats.borrows)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun tryBorrowLendsWhatIsIdleAndNeverDials() = runTest {
        val connector = echoing()
        val pool = poolOf(connector)
        assertNull(pool.tryBorrow())
        runCurrent()
        assertEquals(0, connector.dialCount)
        pool.withConnection { }
        val lease = assertNotNull(pool.tryBorrow())
        assertNull(pool.tryBorrow())
        lease.release()
        pool.tryBorrow()?.use { assertEquals(lease.id, it.id) } ?: fail("the connection was idle again")
        runCurrent()
        assertEquals(1, connector.dialCount)
    }

    @Test
    fun whatTheBlockReturnsOrThrowsReachesTheCaller() = runTest {
        val pool = poolOf(echoing())
        assertEquals(42, pool.withConnection { 42 })
        val mine = IllegalArgumentException("mine")
        assertSame(mine, assertFailsWith<IllegalArgumentException> { pool.withConnection<Unit> { throw mine } })
        assertEquals(0, pool.stats.leased)
    }

    @Test
    fun aNegativeTimeoutIsRefused() = runTest {
        val pool = poolOf(echoing())
        val ofBorrow = assertFailsWith<IllegalArgumentException> { pool.borrow((-1).seconds) }
        assertEquals("timeout must not be negative: -1s", ofBorrow.message)
        val ofDrain = assertFailsWith<IllegalArgumentException> { pool.drain((-5).milliseconds) }
        assertEquals("timeout must not be negative: -5ms", ofDrain.message)
        val ofFlow = assertFailsWith<IllegalArgumentException> { pool.statsFlow(Duration.ZERO) }
        assertEquals("every must be positive, not 0s", ofFlow.message)
    }

    @Test
    fun aConnectionThatDiesInUseFreesItsPlaceAtOnce() = runTest {
        val connector = echoing()
        val pool = poolOf(connector) { maxConnections = 1 }
        val lost = pool.borrow()
        val next = async { pool.withConnection { id } }
        runCurrent()
        connector.connections.single().dies(1011, "on fire")
        assertNotEquals(lost.id, next.await())
        assertEquals(CloseInfo(1011, "on fire"), lost.closeInfo)
        lost.release()
        pool.assertSound()
        assertEquals(1, pool.stats.idle)
    }

    @Test
    fun aPoolIsNamedAfterItsEndpointUnlessItHasANameOfItsOwn() = runTest {
        val plain = poolOf(echoing(), "wss://me:secret@prices.example.com/v2?token=secret")
        assertEquals("wss://prices.example.com/v2", plain.name)
        assertEquals("WebSocketPool(wss://prices.example.com/v2)", plain.toString())
        val named = poolOf(echoing()) { name = "prices" }
        assertEquals("prices", named.name)
        assertEquals("Connection c1 to prices", named.borrow().toString())
    }

    @Test
    fun aPoolWithoutConnectorNamesTheArtefactThatBringsOne() {
        val e = assertFailsWith<IllegalStateException> { WebSocketPool("ws://localhost/") }
        assertEquals(
            "No WebSocket connector on the class path. Add the artefact dev.wspool:wspool-ktor, " +
                "or give WebSocketPool a Connector of your own.",
            e.message,
        )
    }

    @Test
    fun statsAreShownAtOnceAndThenAsOftenAsAsked() = runTest {
        val pool = poolOf(echoing())
        pool.statsFlow(every = 10.seconds).test {
            assertEquals(0, awaitItem().borrows)
            pool.withConnection { }
            advanceTimeBy(9.seconds)
            expectNoEvents()
            advanceTimeBy(1.seconds)
            runCurrent()
            assertEquals(1, awaitItem().borrows)
        }
    }

    @Test
    fun statsCountWhatHappened() = runTest {
        val connector = echoing()
        val pool = poolOf(connector) {
            maxConnections = 2
            maxWaiting = 0
        }
        val a = pool.borrow()
        val b = pool.borrow()
        assertFailsWith<TooManyWaitersException> { pool.borrow() }
        assertFailsWith<BorrowTimeoutException> { pool.borrow(Duration.ZERO) }
        a.release()
        pool.withConnection { }
        b.invalidate()
        val stats = pool.stats
        assertEquals(
            "2 of 2 connections: 1 idle, 0 leased, 0 connecting, 1 closing; 0 waiting; " +
                "3 borrows (1 at once, 1 reused, 1 timed out, 0 cancelled, 1 refused); 2 created, 0 destroyed {}, 0 connect failures",
            stats.toString(),
        )
        runCurrent()
        assertEquals(mapOf(DestroyReason.Invalidated to 1L), pool.stats.destroyed)
        pool.assertNothingLeft(connector)
        assertEquals(mapOf(DestroyReason.Invalidated to 1L, DestroyReason.PoolClosed to 1L), pool.stats.destroyed)
    }
}
