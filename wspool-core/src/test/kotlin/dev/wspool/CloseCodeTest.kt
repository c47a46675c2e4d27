package dev.wspool

import dev.wspool.test.FakeConnection
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** What the close code of one connection means for the rest of the pool. */
@OptIn(ExperimentalCoroutinesApi::class)
class CloseCodeTest {
    private val connector = echoing()
    private val peer: FakeConnection get() = connector.connections.last()

    @Test
    fun mostCodesMeanNothing() = runTest {
        for (code in listOf(1000, 1001, 1002, 1005, 1007, 1009, 1010, 1014, 3000, 4000, 4999)) assertEquals(0, pauseAfter(code), "$code")
    }

    @Test
    fun internalErrorCountsAsAFailedDial() = runTest { assertEquals(100, pauseAfter(1011)) }

    @Test
    fun aRestartIsGivenSomeTime() = runTest { assertEquals(15_000, pauseAfter(1012)) }

    @Test
    fun anOverloadedServerIsLeftAlone() = runTest { assertEquals(120_000, pauseAfter(1013)) }

    @Test
    fun theUsersOwnMeaningGoesBeforeTheDefault() = runTest {
        suspend fun pause(code: Int) = pauseAfter(code) {
            onCloseCode {
                when (it.code) {
                    1013 -> CloseAction.Replace
                    4000 -> CloseAction.BackOff
                    4999 -> CloseAction.Wait(1.seconds, 7.seconds)
                    else -> null
                }
            }
        }
        assertEquals(0, pause(1013))
        assertEquals(100, pause(4000))
        assertEquals(7_000, pause(4999))
        assertEquals(15_000, pause(1012))
    }

    /** How long a borrower waits for another connection after the only one has ended. */
    private suspend fun TestScope.pauseAfter(code: Int, configure: PoolConfig.Builder.() -> Unit = {}): Long {
        val pool = poolOf(connector, configure = configure)
        pool.withConnection { }
        peer.dies(code)
        val from = currentTime
        pool.withConnection(5.minutes) { }
        pool.assertNothingLeft(connector)
        return currentTime - from
    }

    @Test
    fun whatBrokeOneConnectionMayHaveBrokenTheOthers() = runTest {
        for (code in listOf(1006, 1012)) {
            val pool = poolOf(connector)
            List(3) { pool.borrow() }.forEach(Lease::release)
            val siblings = connector.connections.takeLast(3)
            siblings.first().dies(code)
            runCurrent()
            assertEquals(listOf(0, 1, 1), siblings.map { it.pings.size }, "$code")
            assertEquals(2, pool.stats.idle)
            pool.assertNothingLeft(connector)
        }
    }

    @Test
    fun anOverloadedServerGetsBackWhatLiesIdle() = runTest {
        val pool = poolOf(connector) { minIdle = 1 }
        val held = pool.borrow()
        List(3) { pool.borrow() }.forEach(Lease::release)
        runCurrent()
        peer.dies(1013)
        runCurrent()
        assertEquals(1, pool.stats.idle)
        assertTrue(pool.stats.destroyed.getValue(DestroyReason.Surplus) >= 1)
        held.send("mine still")
        assertEquals("mine still", held.receiveText())
    }

    @Test
    fun aLeaseIsToldTheCode() = runTest {
        val pool = poolOf(connector)
        val lease = pool.borrow()
        peer.dies(1009, "too big")
        val e = assertFailsWith<ConnectionLostException> { lease.receive() }
        assertEquals(CloseInfo(1009, "too big"), e.closeInfo)
        assertEquals(CloseInfo(1009, "too big"), lease.closeInfo)
    }

    @Test
    fun aServerThatDoesNotWantUsStopsThePool() = runTest {
        for (code in listOf(1008, 4401, 4403)) {
            val pool = poolOf(connector) { maxConnections = 1 }
            val held = pool.borrow()
            val waiting = async { assertFailsWith<ConnectFailedException> { pool.borrow() } }
            runCurrent()
            peer.dies(code, "no")
            val text = "ws://fake closed a connection for good: close code $code \"no\" (onCloseCode)"
            assertEquals(text, waiting.await().message)
            val e = assertFailsWith<ConnectFailedException> { pool.borrow() }
            assertEquals(text, e.message)
            assertTrue(e.isPermanent)
            assertFalse(pool.isReady)
            held.release()
            pool.assertNothingLeft(connector)
        }
        assertEquals(0, currentTime)
    }

    @Test
    fun aStopLastsUntilADialMayProbe() = runTest {
        val pool = stopped()
        delay(99.milliseconds)
        assertFailsWith<ConnectFailedException> { pool.borrow() }
        delay(1.milliseconds)
        pool.borrow()
        assertTrue(pool.isReady)
    }

    @Test
    fun aStopIsClearedByNewCredentials() = clears { rotateCredentials() }

    @Test
    fun aStopIsClearedByAReset() = clears { reset() }

    @Test
    fun aStopIsClearedByAResume() = clears { resume() }

    @Test
    fun aStopIsClearedByAResumeAfterAPause() = clears {
        pause()
        resume()
    }

    private fun clears(action: WebSocketPool.() -> Unit) = runTest {
        val pool = stopped()
        pool.action()
        pool.withConnection { }
        assertEquals(0, currentTime)
        pool.assertNothingLeft(connector)
    }

    private suspend fun TestScope.stopped(): WebSocketPool {
        val pool = poolOf(connector) { maxConnections = 1 }
        pool.withConnection { }
        peer.dies(1008)
        assertFailsWith<ConnectFailedException> { pool.borrow() }
        return pool
    }

    @Test
    fun theCodeOfAConnectionThatThePoolItselfClosesMeansNothing() = runTest {
        connector.onConnection = {
            it.echoes()
            it.answersClose = false
        }
        val pool = poolOf(connector)
        val events = ArrayList<PoolEvent>()
        val listening = async { pool.events.collect(events::add) }
        runCurrent()
        pool.withConnection { invalidate() }
        runCurrent()
        peer.dies(1008)
        pool.withConnection { }
        assertEquals(0, currentTime)
        assertEquals(emptyList(), events.filterIsInstance<PoolEvent.Stopped>())
        listening.cancel()
    }

    @Test
    fun aWaitThatMakesNoSenseIsRefused() {
        fun refused(from: Duration, to: Duration) =
            assertFailsWith<IllegalArgumentException> { CloseAction.Wait(from, to) }.message
        assertEquals("a wait must go from zero or more up to more: -1s to 1s", refused((-1).seconds, 1.seconds))
        assertEquals("a wait must go from zero or more up to more: 2s to 1s", refused(2.seconds, 1.seconds))
        assertEquals("a wait must go from zero or more up to more: 0s to Infinity", refused(Duration.ZERO, Duration.INFINITE))
    }
}
