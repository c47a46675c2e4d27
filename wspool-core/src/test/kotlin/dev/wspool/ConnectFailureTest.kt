package dev.wspool

import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnector
import dev.wspool.transport.ConnectPhase
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Test
import java.io.IOException
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** What a dial that fails means to the callers who wait, and when the pool tries again. */
@OptIn(ExperimentalCoroutinesApi::class)
class ConnectFailureTest {
    private val connector = FakeConnector()

    @Test
    fun callersKeepTheirPlaceAndTheirDeadlineWhileThePoolTriesAgain() = runTest {
        val pool = poolOf(connector) { maxConnections = 1 }
        val served = ArrayList<String>()
        val ann = launch { pool.withConnection { served += "ann" } }
        val bob = launch { pool.withConnection { served += "bob" } }
        connector.awaitConnect().refuse()
        connector.awaitConnect().refuse()
        connector.awaitConnect().succeed()
        joinAll(ann, bob)
        assertEquals(listOf("ann", "bob"), served)
        assertEquals(2, pool.stats.connectFailures)
        assertTrue(currentTime in 200..1_000, "tried again after $currentTime ms")
    }

    @Test
    fun aServerThatIsDownIsAskedEverMoreSeldom() = runTest {
        connector.autoConnect = true
        connector.connecting = FakeBehavior.Fails()
        val pool = poolOf(connector)
        repeat(20) { launch { assertFailsWith<BorrowTimeoutException> { pool.borrow(1.minutes) } } }
        advanceTimeBy(61.seconds)
        assertTrue(connector.dialCount in 15..35, "${connector.dialCount} dials in a minute")
        assertEquals(20, pool.stats.timedOut)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aServerThatIsOverloadedIsTriedAgain() = runTest {
        val pool = poolOf(connector)
        val caller = async { pool.borrow() }
        val busy = HandshakeFailedException("503", 503, mapOf("retry-after" to listOf("1")))
        assertEquals("1", busy.retryAfter)
        connector.awaitConnect().refuse(busy)
        connector.awaitConnect().succeed()
        caller.await()
    }

    @Test
    fun aFailureThatWillNotHealReachesAllWhoWaitAtOnceAndTyped() = runTest {
        val pool = poolOf(connector) { maxConnections = 1 }
        val callers = List(3) { async { assertFailsWith<HandshakeFailedException> { pool.borrow() } } }
        connector.awaitConnect().refuse(HandshakeFailedException("ws://fake answered 401 to the upgrade", 401))
        for (e in callers.awaitAll()) {
            assertEquals(401, e.status)
            assertEquals("ws://fake answered 401 to the upgrade", e.message)
        }
        assertEquals(0, currentTime)
        assertEquals(3, pool.stats.refused)
        assertEquals(0, pool.stats.waiting)
    }

    @Test
    fun aConnectorsOwnCancellationIsNotTheCallers() = runTest {
        val pool = poolOf(connector)
        val caller = async { assertFailsWith<BorrowTimeoutException> { pool.borrow(150.milliseconds) } }
        connector.awaitConnect().refuse(CancellationException("the engine's own"))
        connector.awaitConnect().refuse(CancellationException("the engine's own"))
        val e = caller.await()
        assertIs<ConnectFailedException>(e.cause)
        assertEquals(
            "Connecting to ws://fake was given up by the connector: java.util.concurrent.CancellationException: the engine's own",
            e.cause?.message,
        )
        assertTrue(pool.job.isActive)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aConnectorsOwnTimeoutIsNotTakenForThePools() = runTest {
        connector.autoConnect = true
        connector.onDial = { withTimeout(20.milliseconds) { awaitCancellation() } }
        val pool = poolOf(connector)
        val e = assertFailsWith<BorrowTimeoutException> { pool.borrow(90.milliseconds) }
        assertFalse("connectTimeout" in e.message!!, e.message)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aTimeoutSaysHowFarTheConnectHadCome() = runTest {
        val said = mapOf(
            null to "",
            ConnectPhase.Tcp to ": TCP did not connect",
            ConnectPhase.Tls to ": the TLS handshake was not done",
            ConnectPhase.Upgrade to ": the WebSocket handshake was not answered",
        )
        for ((phase, words) in said) {
            val connector = FakeConnector()
            val pool = poolOf(connector) { connectTimeout = 1.seconds }
            val caller = async { assertFailsWith<BorrowTimeoutException> { pool.borrow(1_001.milliseconds) } }
            val dial = connector.awaitConnect()
            phase?.let(dial::reaches)
            val cause = assertIs<ConnectTimeoutException>(caller.await().cause)
            assertEquals("ws://fake did not answer within 1s (connectTimeout)$words", cause.message)
            pool.assertNothingLeft(connector)
        }
    }

    @Test
    fun whateverAConnectorThrowsFailsItsDialAlone() = runTest {
        for (failure in listOf(IOException("broken pipe"), IllegalStateException("a bug"), StackOverflowError())) {
            val connector = FakeConnector()
            val pool = poolOf(connector)
            val caller = async { pool.borrow() }
            connector.awaitConnect().refuse(failure)
            connector.awaitConnect().succeed()
            caller.await().release()
            assertEquals(1, pool.stats.connectFailures)
            pool.assertNothingLeft(connector)
        }
    }

    @Test
    fun aForeignFailureIsWrappedWithItsNameAndText() = runTest {
        connector.autoConnect = true
        connector.connecting = FakeBehavior.Fails { IOException("broken pipe") }
        val pool = poolOf(connector)
        val e = assertFailsWith<BorrowTimeoutException> { pool.borrow(50.milliseconds) }
        assertEquals("Connecting to ws://fake failed: java.io.IOException: broken pipe", e.cause?.message)
        assertEquals("java.io.IOException: broken pipe", e.cause?.cause.toString())
    }

    @Test
    fun aConnectionThatEndsWhileItIsOpenedIsAFailedDial() = runTest {
        connector.onConnection = { if (connector.connections.size == 1) it.closes(1011, "try again later") }
        connector.autoConnect = true
        val pool = poolOf(connector)
        pool.borrow().release()
        assertEquals(1, pool.stats.connectFailures)
        assertEquals(1, pool.stats.created)
        assertEquals(2, connector.dialCount)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aConnectionThatEndsAsSoonAsItIsOpenNamesTheClose() = runTest {
        connector.onConnection = { it.closes(1011, "try again later") }
        connector.autoConnect = true
        val pool = poolOf(connector)
        val e = assertFailsWith<BorrowTimeoutException> { pool.borrow(50.milliseconds) }
        assertEquals("ws://fake closed the connection as soon as it was open: close code 1011 \"try again later\"", e.cause?.message)
        pool.assertNothingLeft(connector)
    }
}
