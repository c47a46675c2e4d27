package dev.wspool.internal

import dev.wspool.ExpectedLog
import dev.wspool.PoolClosedException
import dev.wspool.assertNothingLeft
import dev.wspool.echoing
import dev.wspool.internal.machine.connected
import dev.wspool.poolOf
import dev.wspool.test.FakeConnector
import dev.wspool.withConnection
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.extension.RegisterExtension
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertSame
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.TimeMark
import kotlin.time.TimeSource

/** A turn that throws closes the pool with that cause, and still lets the next turn go on. */
@OptIn(ExperimentalCoroutinesApi::class)
class BrokenTurnTest {
    @JvmField
    @RegisterExtension
    internal val log = ExpectedLog()

    private val connector = echoing()
    private val bug = IllegalStateException("2 + 2 = 5")

    private fun expectLogged(failure: String) = log.expect("a turn failed, the pool is closed\njava.lang.IllegalStateException: $failure")

    private fun RealPool.breakTurn() {
        expectLogged("2 + 2 = 5")
        mailbox.post { throw bug }
    }

    @Test
    fun theTokenIsReleasedAndThePoolSaysWhyItIsClosed() = runTest {
        val pool = poolOf(connector) as RealPool
        pool.withConnection { }
        pool.breakTurn()
        assertTrue(pool.mailbox.tryEnter())
        pool.mailbox.leave()
        val e = assertFailsWith<PoolClosedException> { pool.borrow() }
        assertEquals(
            "The pool for ws://fake has failed and is closed; this is a bug in wspool: java.lang.IllegalStateException: 2 + 2 = 5",
            e.message,
        )
        assertSame(bug, generateSequence<Throwable>(e) { it.cause }.last())
        pool.awaitClosed()
        assertTrue(connector.connections.single().isAborted)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun whoWaitsIsToldAndWhoHoldsALeaseToo() = runTest {
        val pool = poolOf(connector) { maxConnections = 1 } as RealPool
        val held = pool.borrow()
        val waiters = List(3) { async { assertFailsWith<PoolClosedException> { pool.borrow() } } }
        runCurrent()
        pool.breakTurn()
        waiters.awaitAll().forEach { assertContains(it.message!!, "2 + 2 = 5") }
        assertFailsWith<PoolClosedException> { held.send("x") }
        held.release()
        pool.assertNothingLeft(connector)
    }

    @Test
    fun dialsUnderWayAreGivenUp() = runTest {
        val connector = FakeConnector()
        for (isDeaf in listOf(true, false)) {
            connector.onDial = { it.ignoresCancellation = isDeaf }
            val pool = poolOf(connector) as RealPool
            launch { assertFailsWith<PoolClosedException> { pool.borrow() } }
            val dial = connector.awaitConnect()
            pool.breakTurn()
            dial.awaitCancelled()
            if (isDeaf) dial.succeed()
            pool.assertNothingLeft(connector)
        }
    }

    @Test
    fun breakingTwiceKeepsTheFirstCause() = runTest {
        val pool = poolOf(connector) as RealPool
        pool.breakTurn()
        expectLogged("and again")
        pool.mailbox.post { error("and again") }
        pool.close()
        assertContains(assertFailsWith<PoolClosedException> { pool.borrow() }.message!!, "2 + 2 = 5")
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aQuestionThatThrowsReachesWhoAskedAndThePool() = runTest {
        val pool = poolOf(connector) as RealPool
        expectLogged("2 + 2 = 5")
        assertSame(bug, assertFailsWith<IllegalStateException> { pool.mailbox.ask { throw bug } })
        assertFailsWith<PoolClosedException> { pool.borrow() }
        pool.assertNothingLeft(connector)
    }

    @Test
    fun anInputThatMakesNoSenseIsSuchATurn() = runTest {
        val pool = poolOf(connector) as RealPool
        pool.withConnection { }
        val slot = pool.machine.roster.slots.single()
        expectLogged("slot1 is IDLE, and has connected")
        pool.mailbox.post { pool.machine.connected(slot, pool.now()) }
        val e = assertFailsWith<PoolClosedException> { pool.borrow() }
        assertContains(e.message!!, "java.lang.IllegalStateException: slot1 is IDLE, and has connected")
        pool.assertNothingLeft(connector)
    }

    @Test
    @Timeout(20)
    fun aCallerWhoseOwnTurnThrowsIsTold() = runTest {
        expectLogged("the clock is broken")
        for (failures in listOf(1, 2, 3, 1_000_000)) {
            val clock = FragileTimeSource(testScheduler.timeSource)
            val pool = poolOf(connector) {
                timeSource = clock
                maxConnections = 1
            }
            pool.borrow()
            val earlier = async { assertFailsWith<PoolClosedException> { pool.borrow() } }
            runCurrent()
            clock.failures = failures
            val e = assertFailsWith<PoolClosedException>("$failures failures") { withTimeout(1.minutes) { pool.borrow() } }
            assertContains(e.message!!, "java.lang.IllegalStateException: the clock is broken")
            earlier.await()
            clock.failures = 0
            pool.assertNothingLeft(connector)
        }
    }

    /** A clock that stops working. */
    private class FragileTimeSource(private val intact: TimeSource) : TimeSource {
        var failures = 0

        override fun markNow(): TimeMark = object : TimeMark {
            private val mark = intact.markNow()

            override fun elapsedNow(): Duration {
                if (failures > 0) {
                    failures--
                    error("the clock is broken")
                }
                return mark.elapsedNow()
            }
        }
    }
}
