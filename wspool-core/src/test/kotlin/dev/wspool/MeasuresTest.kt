package dev.wspool

import dev.wspool.java.JavaDiagnostics
import dev.wspool.test.FakeBehavior
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.time.Duration.Companion.ZERO
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** `stats`: what is measured and counted beside the connections themselves. */
@OptIn(ExperimentalCoroutinesApi::class)
class MeasuresTest {
    private val connector = echoing()

    @Test
    fun borrowsAndUsesAreTimedWhereThatIsAskedFor() = runTest {
        val pool = poolOf(connector) {
            maxConnections = 1
            diagnostics = Diagnostics(measureTimes = true)
        }
        val held = pool.borrow()
        val waiter = async { pool.withConnection { delay(1.seconds) } }
        advanceTimeBy(3.seconds)
        held.release()
        waiter.await()
        assertNotNull(pool.tryBorrow()).release()
        with(pool.stats) {
            assertEquals(3, borrowTimes.count)
            assertEquals(3.seconds, borrowTimes.max)
            assertEquals(3, useTimes.count)
            assertEquals(4.seconds, useTimes.total)
        }
    }

    @Test
    fun nothingIsTimedWhereNobodyAsksAndFromThenOnWhereSomebodyDoes() = runTest {
        val pool = poolOf(connector)
        pool.withConnection { }
        assertEquals(0, pool.stats.borrowTimes.count + pool.stats.useTimes.count)
        val before = pool.borrow()
        pool.reconfigure { diagnostics = Diagnostics(measureTimes = true) }
        before.release()
        pool.withConnection { }
        assertEquals(1, pool.stats.borrowTimes.count)
        assertEquals(1, pool.stats.useTimes.count)
        pool.reconfigure { diagnostics = Diagnostics() }
        pool.withConnection { }
        assertEquals(1, pool.stats.borrowTimes.count)
    }

    @Test
    fun aSwitchIsTurnedAndTheOthersStayAsTheyAre() {
        val all = Diagnostics(true, true, LeakDetection.All, 1.minutes, reclaimLeaks = true, verbose = true)
        assertEquals(all, all.copy())
        assertEquals(Diagnostics(true, true, LeakDetection.All, 1.minutes, reclaimLeaks = true), all.copy(verbose = false))
        assertEquals(Diagnostics(verbose = true), Diagnostics().copy(verbose = true))
        assertEquals(all, JavaDiagnostics.like(all).build())
        assertEquals(all, JavaDiagnostics.like(all.copy(verbose = false)).verbose().build())
        assertEquals(Diagnostics(), JavaDiagnostics.like(Diagnostics()).build())
    }

    @Test
    fun dialsAreTimed() = runTest {
        connector.connecting = FakeBehavior.Slow(300.milliseconds)
        val pool = poolOf(connector)
        pool.withConnection { }
        assertEquals(1, pool.stats.connectTimes.count)
        assertEquals(300.milliseconds, pool.stats.connectTimes.max)
    }

    @Test
    fun messagesAndBytesAreCountedBothWays() = runTest {
        val pool = poolOf(connector)
        pool.withConnection {
            send("hello")
            receiveText()
            send(ByteArray(1_000))
            receiveBinary()
        }
        with(pool.stats.traffic) {
            assertEquals(listOf(2L, 2L), listOf(messagesSent, messagesReceived))
            assertEquals(listOf(1_005L, 1_005L), listOf(bytesSent, bytesReceived))
        }
    }

    @Test
    fun closeCodesPingsAndDirtyReturnsAreCounted() = runTest {
        poolOf(connector) { pingInterval = 10.seconds }.use { pool ->
            runCatching { pool.withConnection { error("failed") } }
            runCurrent()
            assertEquals(1, pool.stats.dirtyReturns)
            pool.withConnection { }
            advanceTimeBy(15.seconds)
            assertEquals(1, pool.stats.pings)
            connector.connections.last().closes(1012)
            runCurrent()
            assertEquals(mapOf(1000 to 1L, 1012 to 1L), pool.stats.closeCodes)
            pool.assertNothingLeft(connector)
        }
    }

    @Test
    fun theApplicationsOwnErrorsAreCounted() = runTest {
        val pool = poolOf(connector)
        repeat(3) { pool.recordError() }
        assertEquals(3, pool.stats.errors)
        pool.resetErrors()
        assertEquals(0, pool.stats.errors)
    }

    @Test
    fun theStatusIsOneLine() = runTest {
        val pool = poolOf(connector)
        pool.withConnection { }
        pool.logStatus()
        assertEquals(1, pool.stats.toString().lines().size)
        assertEquals(ZERO, pool.stats.borrowTimes.max)
    }
}
