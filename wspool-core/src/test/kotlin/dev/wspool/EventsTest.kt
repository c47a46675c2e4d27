package dev.wspool

import dev.wspool.internal.RealPool
import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension
import java.io.IOException
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** `events`: what happens to the connections of a pool, in order, for whoever listens. */
@OptIn(ExperimentalCoroutinesApi::class)
class EventsTest {
    @JvmField
    @RegisterExtension
    internal val log = ExpectedLog()

    private val connector = echoing()
    private val events = ArrayList<PoolEvent>()
    private val texts: List<String> get() = events.map { "$it" }

    private fun TestScope.listenTo(pool: WebSocketPool) {
        backgroundScope.launch { pool.events.collect(events::add) }
        runCurrent()
    }

    @Test
    fun eachConnectionThatTrustsAnybodyIsWarnedOf() = runTest {
        log.expect("WARN dev.wspool - prices: insecure() trusts any certificate of anybody; never use it in production")
        for (url in listOf("wss://fake", "ws://fake")) {
            val pool = WebSocketPool(Endpoint(url), { echoing() }) {
                name = "prices"
                dispatcher = StandardTestDispatcher(testScheduler)
                timeSource = testScheduler.timeSource
                tls { insecure() }
            }
            listenTo(pool)
            pool.borrow().release()
            pool.close()
            pool.awaitClosed()
            runCurrent()
        }
        val warning = "prices: c1 is encrypted, but nobody knows to whom: insecure() trusts any certificate"
        assertEquals(listOf(warning), texts.filter { "encrypted" in it })
    }

    @Test
    fun theyTellTheLifeOfEachConnection() = runTest {
        val pool = poolOf(connector) { name = "prices" }
        listenTo(pool)
        pool.withConnection { }
        pool.withConnection { invalidate() }
        runCurrent()
        pool.withConnection { }
        connector.connections.last().dies(1000)
        pool.drain(1.seconds)
        runCurrent()
        assertEquals(
            listOf(
                "prices: connecting c1",
                "prices: c1 is connected",
                "prices: c1 is being closed: Invalidated",
                "prices: c1 is closed: Invalidated",
                "prices: connecting c2",
                "prices: c2 is connected",
                "prices: c2 is closed: Lost",
                "prices: draining",
                "prices: ended",
            ),
            texts,
        )
        assertEquals(setOf("prices"), events.map { it.pool }.toSet())
    }

    @Test
    fun theyTellWhatFails() = runTest {
        connector.connecting = FakeBehavior.Fails()
        val pool = poolOf(connector) { maxConnections = 1 }
        listenTo(pool)
        assertFailsWith<BorrowTimeoutException> { pool.borrow(50.milliseconds) }
        connector.connecting = FakeBehavior.Fails { HandshakeFailedException("ws://fake answered 401", 401) }
        assertFailsWith<HandshakeFailedException> { pool.borrow() }
        runCurrent()
        val failed = listOf(
            "ws://fake: connecting c1",
            "ws://fake: c1 failed to connect: ws://fake refused the connection",
            "ws://fake: connecting c2",
            "ws://fake: c2 failed to connect: ws://fake answered 401",
            "ws://fake: stopped: ws://fake answered 401",
        )
        assertEquals(failed, texts)
        assertEquals(401, ((events[4] as PoolEvent.Stopped).cause as HandshakeFailedException).status)
    }

    @Test
    fun theyTellOfStopsAndProofs() = runTest {
        val pool = poolOf(connector)
        List(3) { pool.borrow() }.forEach(Lease::release)
        listenTo(pool)
        val (first, second, third) = connector.connections
        second.answersPing = false
        first.dies()
        delay(5.seconds)
        third.dies(4401)
        runCurrent()
        assertEquals(
            listOf(
                "ws://fake: c1 is closed: Lost",
                "ws://fake: c2 is being proved",
                "ws://fake: c3 is being proved",
                "ws://fake: c2 is being closed: PingTimeout",
                "ws://fake: c3 is being proved",
                "ws://fake: c2 is closed: PingTimeout",
                "ws://fake: stopped: ws://fake closed a connection for good: close code 4401 (onCloseCode)",
                "ws://fake: c3 is closed: Lost",
            ),
            texts,
        )
    }

    @Test
    fun whatASlowListenerMissesIsCountedAndHoldsUpNobody() = runTest {
        val pool = poolOf(connector)
        val gate = Job()
        val told = ArrayList<PoolEvent>()
        backgroundScope.launch {
            pool.events.collect {
                told += it
                gate.join()
            }
        }
        listenTo(pool)
        repeat(1_000) {
            pool.pause()
            pool.resume()
            runCurrent()
        }
        assertEquals(2_000, events.size)
        gate.complete()
        runCurrent()
        assertEquals(listOf(1L) + (977L..2_000), told.map { it.number }, "the gap tells how many")
    }

    @Test
    fun whoComesAfterTheEndIsToldOfTheEnd() = runTest {
        val pool = poolOf(connector) as RealPool
        pool.assertNothingLeft(connector)
        assertEquals(listOf("ws://fake: ended"), pool.eventLog.untilEnd.map { "$it" }.toList())
    }

    @Test
    fun nothingIsNotedWhileNobodyListens() = runTest {
        val pool = poolOf(connector) as RealPool
        pool.withConnection { invalidate() }
        runCurrent()
        pool.mailbox.ask { pool.eventLog.add { error("made for nobody") } }
        listenTo(pool)
        pool.withConnection { }
        runCurrent()
        assertEquals("ws://fake: connecting c2", texts.first())
    }

    @Test
    fun aBorrowAndAReturnAreNoEvents() = runTest {
        val pool = poolOf(connector)
        pool.withConnection { }
        listenTo(pool)
        repeat(10) { pool.withConnection { } }
        runCurrent()
        assertEquals(emptyList(), texts)
    }

    @Test
    fun aSlowListenerMissesTheOldestAndHoldsNobodyUp() = runTest {
        val pool = poolOf(connector)
        val seen = ArrayList<Int>()
        backgroundScope.launch {
            pool.events.collect {
                if (seen.isEmpty()) delay(1.minutes)
                if (it is PoolEvent.Connecting) seen += it.id.value.drop(1).toInt()
            }
        }
        runCurrent()
        repeat(1_000) { pool.withConnection { invalidate() } } // four events each
        listenTo(pool)
        delay(2.minutes)
        pool.withConnection { }
        runCurrent()
        assertTrue(seen.size in 250..260, "${seen.size}")
        assertEquals(1_001, seen.last())
        assertEquals(seen.sorted(), seen)
        assertEquals(listOf("ws://fake: connecting c1001", "ws://fake: c1001 is connected"), texts)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aListenerMayUseThePool() = runTest {
        val pool = poolOf(connector) { maxConnections = 1 }
        val ids = ArrayList<String>()
        backgroundScope.launch { pool.events.collect { if (it is PoolEvent.Connected) pool.withConnection { ids += id.value } } }
        runCurrent()
        repeat(2) { pool.withConnection { invalidate() } }
        delay(1.seconds)
        assertTrue(ids.isNotEmpty())
        pool.assertNothingLeft(connector)
    }

    @Test
    fun theEndIsTheLast() = runTest {
        val pool = poolOf(connector)
        listenTo(pool)
        val held = pool.borrow()
        pool.close()
        pool.awaitClosed()
        held.release()
        pool.close()
        pool.rotateCredentials()
        pool.evictIdle()
        pool.tryBorrow()
        runCatching { pool.drain(1.seconds) }
        runCurrent()
        assertEquals("ws://fake: ended", texts.last())
        assertEquals(1, events.count { it is PoolEvent.Ended })
        assertEquals(0, events.count { it is PoolEvent.Draining })
    }

    @Test
    fun noSecretIsShown() = runTest {
        val url = "ws://ann:hunter2@fake/?token=s3cr3t"
        val connector = FakeConnector(autoConnect = true)
        connector.connecting = FakeBehavior.Fails { IOException("no route to $url") }
        val pool = poolOf(connector, url)
        listenTo(pool)
        runCatching { pool.borrow(50.milliseconds) }
        connector.connecting = FakeBehavior.Works
        pool.withConnection { }
        connector.connections.last().dies(1008, "s3cr3t is no good, hunter2")
        runCurrent()
        pool.assertNothingLeft(connector)
        assertTrue(texts.any { "closed a connection for good: close code 1008 \"*** is no good, ***\"" in it }, "$texts")
        for (text in texts) for (secret in listOf("ann", "hunter2", "s3cr3t")) assertFalse(secret in text, text)
    }
}
