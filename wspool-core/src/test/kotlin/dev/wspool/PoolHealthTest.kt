package dev.wspool

import dev.wspool.PoolHealth.Status.Degraded
import dev.wspool.PoolHealth.Status.Down
import dev.wspool.PoolHealth.Status.Up
import dev.wspool.test.FakeBehavior
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension
import kotlin.test.assertEquals
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** `health()`: whether callers are served, and if not, why. */
@OptIn(ExperimentalCoroutinesApi::class)
class PoolHealthTest {
    @JvmField
    @RegisterExtension
    internal val log = ExpectedLog()

    private val connector = echoing()

    private fun WebSocketPool.assertHealth(status: PoolHealth.Status, vararg reasons: String) {
        assertEquals(PoolHealth(status, reasons.toList()).toString(), health().toString())
    }

    @Test
    fun aPoolIsUpBeforeItHasDialledAndWhileItServes() = runTest {
        val pool = poolOf(connector)
        pool.assertHealth(Up)
        pool.withConnection { pool.assertHealth(Up) }
    }

    @Test
    fun whatIsMissingOfMinIdleDegradesIt() = runTest {
        connector.autoConnect = false
        poolOf(connector) { minIdle = 2 }.use { pool ->
            runCurrent()
            pool.assertHealth(Degraded, "0 of 2 connections are there (minIdle).")
        }
    }

    @Test
    fun aFailureDegradesItWhileThereAreConnectionsAndTakesItDownWhereThereAreNone() = runTest {
        log.expect("WARN dev.wspool - ws://fake: dev.wspool.ConnectRefusedException: fake:80 refused")
        poolOf(connector) { minIdle = 1 }.use { pool ->
            val held = pool.borrow()
            runCurrent()
            connector.connecting = FakeBehavior.Fails { ConnectRefusedException("fake:80 refused") }
            pool.evictIdle()
            runCurrent()
            pool.assertHealth(Degraded, "The last dial failed: fake:80 refused.")
            held.invalidate()
            runCurrent()
            pool.assertHealth(Down, "There is no connection, and the last dial failed: fake:80 refused.")
            connector.connecting = FakeBehavior.Works
            advanceTimeBy(10.seconds)
            pool.assertHealth(Up)
            pool.assertNothingLeft(connector)
        }
    }

    @Test
    fun aFailureThatTryingAgainDoesNotMendTakesItDown() = runTest {
        connector.connecting = FakeBehavior.Fails { ConnectFailedException("the key is wrong", isPermanent = true) }
        log.expect("WARN dev.wspool - ws://fake: stopped: the key is wrong")
        val pool = poolOf(connector)
        runCatching { pool.borrow() }
        pool.assertHealth(Down, "Connecting fails in a way that trying again does not mend: the key is wrong.")
    }

    @Test
    fun whoWaitsDegradesIt() = runTest {
        val pool = poolOf(connector) { maxConnections = 1 }
        val held = pool.borrow()
        val waiter = launch { pool.borrow(Duration.INFINITE) }
        runCurrent()
        pool.assertHealth(Degraded, "1 wait, the first for ever; limited by maxConnections (1): 1 leased.")
        held.release()
        waiter.join()
    }

    @Test
    fun whoWaitsForWhatNeverComesIsLimitedByNothing() = runTest {
        poolOf(connector) { maxConnections = 2 }.use { pool ->
            val waiter = launch { pool.borrow(ConnectionId("gone"), 5.seconds) }
            runCurrent()
            pool.assertHealth(Degraded, "1 wait, the first for 0ms, for connection gone.")
            waiter.cancel()
        }
    }

    @Test
    fun aPauseAndTheEndTakeItDown() = runTest {
        val pool = poolOf(connector)
        pool.pause()
        pool.assertHealth(Down, "Kept by a pause: the pool dials and lends nothing until it is resumed.")
        pool.resume()
        pool.assertHealth(Up)
        val held = pool.borrow()
        val drain = launch { pool.drain(10.seconds) }
        runCurrent()
        pool.assertHealth(Down, "The pool drains: it serves nobody who comes.")
        held.release()
        drain.join()
        pool.assertHealth(Down, "The pool is closed.")
    }
}
