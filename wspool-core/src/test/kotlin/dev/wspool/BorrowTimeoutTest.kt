package dev.wspool

import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertSame
import kotlin.test.fail
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** How long a borrow waits, and what its failure names. */
@OptIn(ExperimentalCoroutinesApi::class)
class BorrowTimeoutTest {
    private val connector = FakeConnector()

    @Test
    fun theTimeoutOfWithConnectionBoundsTheWaitAndNotTheBlock() = runTest {
        val pool = poolOf(echoing()) { maxConnections = 1 }
        val reply = pool.withConnection(timeout = 100.milliseconds) {
            assertFailsWith<BorrowTimeoutException> { pool.withConnection(timeout = 50.milliseconds) { fail("the pool was empty") } }
            assertEquals(50, currentTime)
            delay(1.minutes)
            send("still here")
            receiveText()
        }
        assertEquals("still here", reply)
    }

    @Test
    fun aBorrowWithoutTimeDoesNotWait() = runTest {
        val pool = poolOf(echoing()) { maxConnections = 1 }
        val held = pool.borrow()
        assertFailsWith<BorrowTimeoutException> { pool.borrow(Duration.ZERO) }
        assertEquals(0, currentTime)
        held.release()
        assertEquals(held.id, pool.borrow(Duration.ZERO).id)
    }

    @Test
    fun aBorrowWithInfiniteTimeWaitsForEver() = runTest {
        val pool = poolOf(echoing()) { maxConnections = 1 }
        val held = pool.borrow()
        val patient = async { pool.borrow(Duration.INFINITE) }
        advanceTimeBy(1000.hours)
        assertFalse(patient.isCompleted)
        held.release()
        assertEquals(held.id, patient.await().id)
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
                "Last connect failure: fake:80 refused the connection. " +
                "Limited by backoff: the next dial is made in 499ms. " +
                "Failed dials: 300ms ago: fake:80 refused the connection; 700ms ago: fake:80 refused the connection; " +
                "900ms ago: fake:80 refused the connection.",
            e.message,
        )
        assertSame(failure, e.cause)
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
        assertNull(e.cause)
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
                        "Longest lease: 72s, coroutine \"price-job\". Last connect failure: none. " +
                        "Limited by maxConnections (2): 2 leased. " +
                        "Leases: c1 for 72s, coroutine \"price-job\"; c2 for 1.0s, coroutine \"newcomer\".",
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
                "Last connect failure: none. Limited by maxConnections (1): 1 closing (closeTimeout).",
            e.message,
        )
    }
}
