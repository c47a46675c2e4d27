package dev.wspool

import dev.wspool.java.JavaWebSocketPool
import dev.wspool.test.FakeBehavior
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import kotlinx.serialization.json.Json
import org.junit.jupiter.api.Test
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** `report()`: who holds what, who waits, and for what; and the same in the text of an error. */
@OptIn(ExperimentalCoroutinesApi::class)
class PoolReportTest {
    private val connector = echoing()

    @Test
    fun aFullPoolSaysWhoHoldsItAndWhoWaits() = runTest {
        val pool = poolOf(connector, "wss://prices.example.com/v2?token=secret") { maxConnections = 2 }
        launch(CoroutineName("price-job")) { pool.withConnection { awaitCancellation() } }.also { holder ->
            runCurrent()
            advanceTimeBy(71.seconds)
            val second = launch(CoroutineName("newcomer")) { pool.withConnection { awaitCancellation() } }
            val waiter = launch(CoroutineName("checkout")) { pool.borrow(1.minutes) }
            val patient = launch { pool.borrow(BorrowRequest(10.seconds, affinity = AffinityKey("secret", isHard = true))) }
            advanceTimeBy(2.seconds)
            assertEquals(
                """
                |Pool wss://prices.example.com/v2: ${pool.stats}
                |Health: Degraded: 2 wait, the first for 2.0s, coroutine "checkout"; limited by maxConnections (2): 2 leased.
                |Limited by maxConnections (2): 2 leased.
                |Leases:
                |  c1 for 72s, coroutine "price-job"
                |  c2 for 1.0s, coroutine "newcomer"
                |Waiting:
                |  for 2.0s, coroutine "checkout"
                |  for 2.0s, for the one that served his key (hard affinity)
                |Connections:
                |  c1 leased for 72s, 73s old, lent once
                |  c2 leased for 1.0s, 2.0s old, lent once
                """.trimMargin(),
                pool.report().toString(),
            )
            listOf(second, waiter, patient, holder).forEach { it.cancel() }
        }
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aPoolThatHasWhatIsWantedIsLimitedByNothing() = runTest {
        val pool = poolOf(connector)
        assertNull(pool.report().limitedBy)
        pool.withConnection { }
        with(pool.report()) {
            assertNull(limitedBy)
            assertEquals(PoolHealth.Status.Up, health.status)
            assertEquals(listOf("c1 idle for 0ms, 0ms old, lent once"), connections.map { "$it" })
        }
    }

    @Test
    fun dialsAreTheLimitWhereTheyTakeLong() = runTest {
        connector.autoConnect = false
        val pool = poolOf(connector) { maxConcurrentConnects = 2 }
        repeat(3) { launch { runCatching { pool.borrow(8.seconds) } } }
        advanceTimeBy(3.seconds)
        with(pool.report()) {
            assertEquals("maxConcurrentConnects (2): as many dials are under way, the oldest for 3.0s", limitedBy)
            assertEquals(listOf("c1 connecting for 3.0s", "c2 connecting for 3.0s"), connections.map { "$it" })
        }
        pool.reconfigure { maxConcurrentConnects = 3 }
        runCurrent()
        assertEquals("maxConcurrentConnects (3): as many dials are under way, the oldest for 3.0s", pool.report().limitedBy)
        pool.reconfigure { maxConcurrentConnects = 9 }
        assertEquals("the server: 3 dials are under way, the oldest for 3.0s (connectTimeout)", pool.report().limitedBy)
    }

    @Test
    fun backoffIsTheLimitAfterFailures() = runTest {
        connector.connecting = FakeBehavior.Fails { ConnectRefusedException("fake:80 refused the connection") }
        val pool = poolOf(connector)
        val failure = assertFailsWith<BorrowTimeoutException> { pool.borrow(1_400.milliseconds) }
        assertContains(failure.message!!, "Limited by backoff: the next dial is made in ")
        assertContains(failure.message!!, " Failed dials: 700ms ago: fake:80 refused the connection; ")
        with(pool.report()) {
            assertEquals(4, failures.size)
            assertEquals(PoolHealth.Status.Down, health.status)
            assertEquals(listOf("There is no connection, and the last dial failed: fake:80 refused the connection."), health.reasons)
        }
        assertEquals(mapOf("ConnectRefused" to 4L), pool.stats.connectFailuresByCause)
    }

    @Test
    fun whoWaitsForHimselfIsTold() = runTest {
        val pool = poolOf(connector) { maxConnections = 1 }
        val outcome = pool.withConnection { coroutineScope { async { runCatching { pool.borrow(1.seconds) } }.await() } }
        val failure = outcome.exceptionOrNull()!!
        assertContains(failure.message!!, " This caller holds 1 of the leases itself: who waits for himself waits in vain.")
        val other = launch { pool.withConnection { awaitCancellation() } }
        runCurrent()
        val another = assertFailsWith<BorrowTimeoutException> { pool.borrow(1.seconds) }
        assertFalse("himself" in another.message!!, another.message)
        other.cancel()
    }

    @Test
    fun sitesAreNamedWhereTheyAreAskedFor() = runTest {
        val pool = poolOf(connector) {
            maxConnections = 1
            diagnostics = Diagnostics(borrowSites = true)
        }
        val held = pool.borrow()
        val waiter = launch { pool.borrow() }
        runCurrent()
        with(pool.report()) {
            assertContains(leases.single().site!!, "PoolReportTest.kt:")
            assertContains(waiters.single().site!!, "PoolReportTest.kt:")
        }
        held.release()
        waiter.join()
    }

    /** On real threads: the block is none of the caller's, on whose stack the site is. */
    @Test
    fun theSiteOfABlockOfStagesIsWhereItIsAskedFor() {
        WebSocketPool(connector, Endpoint("ws://fake")) { diagnostics = Diagnostics(borrowSites = true) }.use { pool ->
            val leases = JavaWebSocketPool.wrap(pool).withConnectionAsync { CompletableFuture.completedFuture(pool.report().leases) }
            assertContains("${leases.get(20, TimeUnit.SECONDS).single().site}", "PoolReportTest.kt:")
        }
    }

    @Test
    fun jsonHasAllOfIt() = runTest {
        val pool = poolOf(connector, "ws://user:secret@fake/?key=secret")
        pool.withConnection {
            send("hello")
            receiveText()
        }
        val text = pool.report().toJson()
        assertFalse("secret" in text, text)
        assertEquals(pool.report().toString(), Json.decodeFromString(PoolReport.serializer(), text).toString())
        assertTrue(""""roundTrip":null""" !in text || """"state":"Idle"""" in text)
        assertContains(text, """"messagesSent":1,"messagesReceived":1,"bytesSent":5,"bytesReceived":5""")
    }
}
