package dev.wspool

import dev.wspool.test.FakeConnector
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withContext
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** `onConnect`: the application's own handshake, before a connection is anybody's. */
@OptIn(ExperimentalCoroutinesApi::class)
class OnConnectTest {
    private val connector = echoing()

    @Test
    fun aConnectionIsLentOnlyAfterIt() = runTest {
        val pool = poolOf(connector) { onConnect { delay(1.seconds) } }
        val caller = async { pool.borrow() }
        advanceTimeBy(999.milliseconds)
        assertEquals(1, pool.stats.connecting)
        caller.await()
        assertEquals(1_000, currentTime)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aServerThatSpeaksFirstIsHeardThere() = runTest {
        connector.onConnection = { it.receives("welcome!") }
        val pool = poolOf(connector) { onConnect { attributes["greeting"] = receiveText() } }
        pool.withConnection { assertEquals("welcome!", attributes["greeting"]) }
        pool.withConnection {
            assertTrue(isReused)
            assertEquals("welcome!", attributes["greeting"])
        }
        pool.assertNothingLeft(connector)
    }

    @Test
    fun itsLeaseEndsWithIt() = runTest {
        lateinit var kept: NewConnection
        val pool = poolOf(connector) {
            onConnect {
                kept = this
                assertEquals(Duration.ZERO, openTime)
                identify(ConnectionId("a1b2"))
            }
        }
        delay(1.minutes)
        pool.borrow()
        val text = "Connection a1b2 to ws://fake was released; the lease cannot be used any more"
        assertEquals(text, assertFailsWith<LeaseReleasedException> { kept.send("x") }.message)
        assertEquals(text, assertFailsWith<LeaseReleasedException> { kept.receive() }.message)
        assertEquals(text, assertFailsWith<LeaseReleasedException> { kept.identify(ConnectionId("other")) }.message)
        kept.release()
        assertEquals(1, pool.stats.leased)
    }

    @Test
    fun whatItThrowsFailsTheDialAndClosesTheConnection() =
        fails("onConnect for ws://fake failed: java.lang.IllegalStateException: wrong password") { error("wrong password") }

    @Test
    fun itsOwnCancellationIsNotTheCallers() =
        fails("onConnect for ws://fake failed: java.util.concurrent.CancellationException: its own") {
            throw CancellationException("its own")
        }

    @Test
    fun invalidatingTheConnectionFailsTheDial() = fails("onConnect for ws://fake invalidated the connection") { invalidate() }

    @Test
    fun aReceiveThatItGaveUpFailsTheDialAsTheReplyMayStillCome() =
        fails("onConnect for ws://fake left an operation unfinished, cancelled or timed out") { runCatching { receive(10.milliseconds) } }

    @Test
    fun aConnectionCannotBeDetachedInIt() = fails(
        "onConnect for ws://fake failed: java.lang.UnsupportedOperationException: A connection cannot be detached before it is in the pool",
    ) { detach() }

    @Test
    fun aTimeoutOfItsOwnIsNamed() =
        fails("onConnect for ws://fake was not done within 20ms", timeout = 20.milliseconds) { awaitCancellation() }

    private fun fails(text: String, timeout: Duration = Duration.INFINITE, hook: suspend NewConnection.() -> Unit) = runTest {
        val pool = poolOf(connector) { onConnect(timeout, hook) }
        val e = assertFailsWith<BorrowTimeoutException> { pool.borrow(50.milliseconds) }
        assertEquals(text, e.cause?.message)
        assertTrue(connector.connections.single().isAborted)
        assertEquals(0, connector.openConnections)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun withinTheTimeoutOfTheDial() = runTest {
        val pool = poolOf(connector) {
            connectTimeout = 1.seconds
            onConnect { awaitCancellation() }
        }
        val e = assertFailsWith<BorrowTimeoutException> { pool.borrow(1050.milliseconds) }
        assertEquals("onConnect for ws://fake was not done within 1s (connectTimeout)", e.cause?.message)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun oneThatDoesNotLetGoLosesItsConnection() = runTest {
        val pool = poolOf(connector) {
            connectTimeout = 1.seconds
            onConnect { withContext(NonCancellable) { delay(1.minutes) } }
        }
        val caller = async { assertFailsWith<BorrowTimeoutException> { pool.borrow(6050.milliseconds) } }
        advanceTimeBy(6_001.milliseconds)
        assertTrue(connector.connections.single().isAborted)
        assertEquals(0, pool.stats.total)
        caller.await()
        pool.assertNothingLeft(connector)
    }

    @Test
    fun theSocketOfOneThatFailedCountsUntilItIsClosed() = runTest {
        connector.onConnection = { it.confirmsAbort = false }
        val pool = poolOf(connector) {
            maxConnections = 1
            onConnect { error("wrong password") }
            onBackgroundError { }
        }
        val caller = async { assertFailsWith<BorrowTimeoutException> { pool.borrow(10.seconds) } }
        advanceTimeBy(4.seconds)
        assertEquals(1, pool.stats.connecting)
        assertEquals(1, connector.dialCount)
        connector.connections.single().dies()
        runCurrent()
        assertEquals(0, pool.stats.total)
        caller.await()
        connector.connections.forEach { it.dies() }
    }

    @Test
    fun aServerThatRefusesTheLoginByItsCloseCodeIsNotAskedAgain() = runTest {
        connector.onConnection = { it.onSend = { _ -> it.closes(4401, "who are you?") } }
        val pool = poolOf(connector) {
            onConnect {
                send("login")
                receive()
            }
        }
        val e = assertFailsWith<ConnectFailedException> { pool.borrow() }
        assertEquals(
            "onConnect for ws://fake failed: dev.wspool.ConnectionLostException: Connection c1 to ws://fake was lost: " +
                "close code 4401 \"who are you?\"",
            e.message,
        )
        assertTrue(e.isPermanent)
        assertEquals(0, currentTime)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aServerThatAsksToBeLeftAloneByItsCloseCodeIsLeftAlone() = runTest {
        connector.onConnection = { if (connector.connections.size == 1) it.closes(1013) }
        val pool = poolOf(connector)
        pool.borrow(1.minutes)
        assertEquals(30_000, currentTime)
    }

    @Test
    fun aServerThatGoesAwayMeanwhileIsAFailedDial() = runTest {
        connector.onConnection = { it.receives("bye") }
        val pool = poolOf(connector) {
            onConnect { receive() }
            goAwayWhen { it == Message.Text("bye") }
        }
        val e = assertFailsWith<BorrowTimeoutException> { pool.borrow(10.seconds) }
        assertEquals("ws://fake announced that it goes away as soon as the connection was open", e.cause?.message)
        assertTrue(connector.dialCount in 5..10, "${connector.dialCount} dials")
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aPoolClosedInItEnds() = runTest {
        for (isPatient in listOf(false, true)) {
            val connector = FakeConnector(autoConnect = true)
            lateinit var pool: WebSocketPool
            pool = poolOf(connector) {
                onConnect {
                    pool.close()
                    if (isPatient) awaitCancellation()
                }
            }
            assertIs<PoolClosedException>(runCatching { pool.borrow() }.exceptionOrNull())
            pool.assertNothingLeft(connector)
        }
    }

    @Test
    fun aCallerWhoGivesUpLeavesTheConnectionToTheNext() = runTest {
        val pool = poolOf(connector) { onConnect { delay(1.seconds) } }
        assertFailsWith<BorrowTimeoutException> { pool.borrow(500.milliseconds) }
        pool.borrow()
        assertEquals(1, connector.dialCount)
        assertEquals(1_000, currentTime)
    }
}
