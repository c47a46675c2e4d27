package dev.wspool

import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Test
import java.io.IOException
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertSame
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeMark
import kotlin.time.TimeSource

/** How a pool dials, and what a dial's success or failure means to the callers who wait. */
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
                "Last connect failure: ws://fake did not answer within 3s (connectTimeout).",
            e.message,
        )
        assertIs<ConnectTimeoutException>(e.realCause)
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
    fun theCauseOfATimeoutIsTheLastConnectFailure() = runTest {
        connector.autoConnect = true
        val failure = ConnectRefusedException("fake:80 refused the connection")
        connector.connecting = FakeBehavior.Fails { failure }
        val pool = poolOf(connector)
        val e = assertFailsWith<BorrowTimeoutException> { pool.borrow(1.seconds) }
        assertEquals(
            "No connection to ws://fake within 1s: 0 of 10 leased (maxConnections), 0 connecting, 0 waiting. " +
                "Last connect failure: fake:80 refused the connection.",
            e.message,
        )
        assertSame(failure, e.realCause)
    }

    @Test
    fun aFailureThatIsOverIsNoLongerNamed() = runTest {
        connector.autoConnect = true
        connector.connecting = FakeBehavior.Fails()
        val pool = poolOf(connector) { maxConnections = 1 }
        assertFailsWith<BorrowTimeoutException> { pool.borrow(50.milliseconds) }
        connector.connecting = FakeBehavior.Works
        pool.borrow()
        val e = assertFailsWith<BorrowTimeoutException> { pool.borrow(50.milliseconds) }
        assertContains(e.message!!, "Last connect failure: none.")
        assertNull(e.realCause)
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
    fun aConnectorsOwnCancellationIsNotTheCallers() = runTest {
        val pool = poolOf(connector)
        val caller = async { assertFailsWith<BorrowTimeoutException> { pool.borrow(150.milliseconds) } }
        connector.awaitConnect().refuse(CancellationException("the engine's own"))
        connector.awaitConnect().refuse(CancellationException("the engine's own"))
        val e = caller.await()
        assertIs<ConnectFailedException>(e.realCause)
        assertEquals(
            "Connecting to ws://fake was given up by the connector: java.util.concurrent.CancellationException: the engine's own",
            e.realCause?.message,
        )
        assertTrue(pool.job.isActive)
        pool.assertNothingLeft(connector)
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
        assertEquals("Connecting to ws://fake failed: java.io.IOException: broken pipe", e.realCause?.message)
        assertEquals("java.io.IOException: broken pipe", e.realCause?.cause.toString())
    }

    @Test
    fun aConnectionThatEndsWhileItIsOpenedIsAFailedDial() = runTest {
        connector.onConnection = { if (connector.connections.size == 1) it.closes(1013, "try again later") }
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
        connector.onConnection = { it.closes(1013, "try again later") }
        connector.autoConnect = true
        val pool = poolOf(connector)
        val e = assertFailsWith<BorrowTimeoutException> { pool.borrow(50.milliseconds) }
        assertEquals("ws://fake closed the connection as soon as it was open: close code 1013 \"try again later\"", e.realCause?.message)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aTimeoutNamesTheLongestLeaseAndItsCoroutine() = runTest {
        connector.autoConnect = true
        val pool = poolOf(connector, "wss://prices.example.com/v2") { maxConnections = 2 }
        launch(CoroutineName("price-job")) { pool.withConnection { awaitCancellation() } }.also { job ->
            runCurrent()
            advanceTimeBy(71.seconds)
            launch(CoroutineName("newcomer")) { pool.withConnection { awaitCancellation() } }.also { other ->
                runCurrent()
                launch { runCatching { pool.borrow(1.minutes) } }
                val e = assertFailsWith<BorrowTimeoutException> { pool.borrow(2.seconds) }
                assertEquals(
                    "No connection to wss://prices.example.com/v2 within 2s: 2 of 2 leased (maxConnections), 0 connecting, 1 waiting. " +
                        "Longest lease: 1m 12s, coroutine \"price-job\". Last connect failure: none.",
                    e.message,
                )
                other.cancel()
            }
            job.cancel()
        }
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aTimeoutNamesConnectionsThatAreClosing() = runTest {
        connector.autoConnect = true
        connector.onConnection = { it.answersClose = false }
        val pool = poolOf(connector) { maxConnections = 1 }
        pool.borrow().invalidate()
        val e = assertFailsWith<BorrowTimeoutException> { pool.borrow(1.seconds) }
        assertEquals(
            "No connection to ws://fake within 1s: 0 of 1 leased (maxConnections), 0 connecting, 1 closing, 0 waiting. " +
                "Last connect failure: none.",
            e.message,
        )
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
                "Longest lease: 0s. Last connect failure: none.",
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
}
