package dev.wspool

import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertSame
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** `onBackgroundError`: what failed where no caller is told. */
@OptIn(ExperimentalCoroutinesApi::class)
class BackgroundErrorTest {
    @JvmField
    @RegisterExtension
    internal val log = ExpectedLog()
    private val connector = echoing()
    private val told = ArrayList<Throwable>()

    private fun TestScope.pool(configure: PoolConfig.Builder.() -> Unit) = poolOf(connector) {
        onBackgroundError { told += it }
        configure()
    }

    @Test
    fun aDialAheadOfDemandThatFailsIsTold() = runTest {
        connector.connecting = FakeBehavior.Fails()
        val pool = pool { minIdle = 1 }
        runCurrent()
        assertEquals("ws://fake refused the connection", told.single().message)
        advanceTimeBy(150.milliseconds)
        assertEquals(2, told.size)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aDialThatSomebodyWaitsForIsToldToHim() = runTest {
        connector.connecting = FakeBehavior.Fails()
        val pool = pool { }
        assertFailsWith<BorrowTimeoutException> { pool.borrow(10.milliseconds) }
        pool.warmUp(1)
        runCurrent()
        assertEquals(emptyList(), told)
    }

    @Test
    fun aDialThatWasCalledOffIsNoFailure() = runTest {
        val pool = poolOf(FakeConnector()) {
            minIdle = 1
            onBackgroundError { told += it }
        }
        runCurrent()
        pool.close()
        pool.awaitClosed()
        assertEquals(emptyList(), told)
    }

    @Test
    fun aPredicateThatThrowsIsTakenForNoAndTold() = runTest {
        val mine = IllegalStateException("mine")
        val pool = pool {
            maxConnections = 1
            goAwayWhen { throw mine }
            onCloseCode { throw mine }
            reuseAfterFailure { throw mine }
        }
        pool.withConnection {
            send("x")
            receive()
        }
        runCurrent()
        assertSame(mine, told.removeLast())
        assertEquals("his", assertFailsWith<IllegalStateException> { pool.withConnection { error("his") } }.message)
        runCurrent()
        assertEquals(mapOf(DestroyReason.Dirty to 1L), pool.stats.destroyed)
        assertTrue(told.isNotEmpty() && told.all { it === mine })
        pool.withConnection { }
        told.clear()
        connector.connections.last().dies(1011)
        runCurrent()
        assertSame(mine, told.single())
        pool.assertNothingLeft(connector)
    }

    @Test
    fun withoutTheHookItIsLogged() = runTest {
        log.expect("ws://fake: java.lang.IllegalStateException: mine, and *** is secret")
        val pool = poolOf(connector, "ws://fake?key=s3cr3t") { onClose { error("mine, and s3cr3t is secret") } }
        pool.withConnection { invalidate() }
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aHookThatFailsItselfIsLoggedAndNotToldOfItself() = runTest {
        log.expect("ws://fake: onBackgroundError failed\njava.lang.IllegalStateException: again")
        log.expect("ws://fake: onBackgroundError failed\njava.util.concurrent.CancellationException: its own")
        log.expect("ws://fake: onBackgroundError was not done within 1s")
        var calls = 0
        val pool = poolOf(connector) {
            onClose { error("mine") }
            onBackgroundError(1.seconds) {
                when (++calls) {
                    1 -> error("again")
                    2 -> throw CancellationException("its own")
                    else -> awaitCancellation()
                }
            }
        }
        repeat(3) { pool.withConnection { invalidate() } }
        pool.withConnection { }
        advanceTimeBy(2.seconds)
        assertEquals(3, calls)
        pool.assertNothingLeft(connector)
    }
}
