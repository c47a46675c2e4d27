package dev.wspool

import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** `warmUp`: connections ahead of demand, and a report of what came of it. */
@OptIn(ExperimentalCoroutinesApi::class)
class WarmUpTest {
    private val connector = echoing()

    @Test
    fun asManyConnectionsAreOpenedAsAreMissing() = runTest {
        val pool = poolOf(connector)
        pool.borrow()
        val report = pool.warmUp(3)
        assertEquals("3 of 3 ready", "$report")
        assertTrue(report.isComplete)
        assertEquals(2, pool.stats.idle)
        assertEquals(3, connector.dialCount)
        assertEquals("2 of 2 ready", "${pool.warmUp(2)}")
        assertEquals(3, connector.dialCount)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun eachDialThatFailsIsReportedWithItsCause() = runTest {
        var dials = 0
        connector.onDial = { dial -> if (++dials == 2) dial.refuse() }
        val pool = poolOf(connector)
        val report = pool.warmUp(3)
        assertEquals("2 of 3 ready; failed: ws://fake refused the connection", "$report")
        assertFalse(report.isComplete)
        assertEquals(2, pool.stats.idle)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aServerThatIsDownEndsIt() = runTest {
        connector.connecting = FakeBehavior.Fails()
        val pool = poolOf(connector)
        val report = pool.warmUp(2)
        assertEquals(0, report.ready)
        assertEquals(2, report.failures.size)
        assertEquals(2, connector.dialCount)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun cancelledItLeavesWhatWasBegun() = runTest {
        val connector = FakeConnector()
        val pool = poolOf(connector) { maxConcurrentConnects = 1 }
        val warming = launch { pool.warmUp(3) }
        val dial = connector.awaitConnect()
        warming.cancelAndJoin()
        dial.succeed()
        runCurrent()
        assertEquals(1, pool.stats.idle)
        assertEquals(1, connector.dialCount)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun moreThanThePoolMayHoldIsRefused() = runTest {
        val pool = poolOf(connector) { maxConnections = 4 }
        for (count in listOf(0, 5)) {
            val e = assertFailsWith<IllegalArgumentException> { pool.warmUp(count) }
            assertEquals("count must be from 1 to 4 (maxConnections), not $count", e.message)
        }
    }

    @Test
    fun aPoolThatIsClosedSaysSo() = runTest {
        val pool = poolOf(FakeConnector())
        val warming = async { assertFailsWith<PoolClosedException> { pool.warmUp(1) } }
        runCurrent()
        pool.close()
        assertEquals("The pool for ws://fake is closed", warming.await().message)
        assertFailsWith<PoolClosedException> { pool.warmUp(1) }
    }

    @Test
    fun callersAreServedMeanwhile() = runTest {
        val pool = poolOf(connector) { maxConcurrentConnects = 1 }
        val warming = async { pool.warmUp(3) }
        val caller = async { pool.borrow() }
        assertEquals("c1", caller.await().id.value)
        assertEquals(3, warming.await().ready)
        pool.assertNothingLeft(connector)
    }
}
