package dev.wspool

import kotlinx.coroutines.AbstractCoroutine
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.coroutines.Continuation
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.startCoroutine
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNotEquals
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** `onBorrow`: the last look at a connection before its borrower gets it. */
@OptIn(ExperimentalCoroutinesApi::class)
class OnBorrowTest {
    private val connector = echoing()
    private val told = ArrayList<String>()

    @Test
    fun eachConnectionIsLookedAtBeforeEachDelivery() = runTest {
        val seen = ArrayList<String>()
        val pool = poolOf(connector) {
            onBorrow {
                send("still there?")
                seen += "$id: ${receiveText()}"
                true
            }
        }
        repeat(2) { pool.withConnection { } }
        assertEquals(listOf("c1: still there?", "c1: still there?"), seen)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aVetoClosesTheConnectionAndTheBorrowerGetsAnother() = runTest {
        val pool = poolOf(connector) {
            maxConnections = 1
            onBorrow { id.value != "c1" }
        }
        assertEquals("c2", pool.withConnection { id.value })
        assertEquals(mapOf(DestroyReason.Rejected to 1L), pool.stats.destroyed)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun whoMeetsAVetoKeepsHisPlace() = runTest {
        val served = ArrayList<String>()
        val pool = poolOf(connector) {
            maxConnections = 1
            onBorrow { id.value != "c1" }
        }
        listOf("ann", "bob", "cat").map { name -> launch { pool.withConnection { served += name } } }.forEach { it.join() }
        assertEquals(listOf("ann", "bob", "cat"), served)
    }

    /** A caller on another thread, whose cancellation comes between any two steps of ours. */
    @Test
    fun aBorrowerWhoIsCancelledJustAsTheHookHasFailedLeavesNothingBehind() = runTest {
        val mayfly = Mayfly()
        val pool = poolOf(connector) {
            onBorrow {
                mayfly.isDoomed = true
                error("mine")
            }
            onBackgroundError { }
        }
        var outcome: Result<Lease>? = null
        val borrow: suspend () -> Lease = pool::borrow
        borrow.startCoroutine(Continuation(StandardTestDispatcher(testScheduler) + mayfly) { outcome = it })
        runCurrent()
        assertIs<CancellationException>(outcome!!.exceptionOrNull())
        assertEquals(0, pool.stats.leased)
        pool.assertNothingLeft(connector)
    }

    /** A job that is cancelled as soon as somebody has seen that it is not. */
    @OptIn(InternalCoroutinesApi::class)
    private class Mayfly : AbstractCoroutine<Unit>(EmptyCoroutineContext, initParentJob = false, active = true) {
        var isDoomed = false

        override val isActive: Boolean get() = super.isActive.also { if (isDoomed) cancel() }
    }

    @Test
    fun itsTimeIsTheBorrowersToo() = runTest {
        val pool = poolOf(connector) {
            maxConnections = 1
            onBorrow(10.seconds) { if (isReused) awaitCancellation() else true }
        }
        val held = pool.borrow()
        val caller = async { assertFailsWith<BorrowTimeoutException> { pool.borrow(3.seconds) } }
        advanceTimeBy(2.seconds)
        held.release()
        assertTrue(caller.await().message!!.startsWith("No connection to ws://fake within 3s: "))
        assertEquals(3_000, currentTime)
        assertEquals(mapOf(DestroyReason.Rejected to 1L), pool.stats.destroyed)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun oneThatThrowsVetoesAndIsTold() = unfit("java.lang.IllegalStateException: not this one") { error("not this one") }

    @Test
    fun oneThatTakesTooLongVetoesAndIsTold() =
        unfit("dev.wspool.internal.HookTimeoutException: onBorrow of ws://fake was not done within 1s") { awaitCancellation() }

    @Test
    fun itsOwnCancellationIsNotTheBorrowers() =
        unfit("java.util.concurrent.CancellationException: its own") { throw CancellationException("its own") }

    @Test
    fun aLeaseThatItReleasedIsNotDelivered() = unfit(null, destroyed = null) {
        release()
        true
    }

    @Test
    fun aLeaseThatItInvalidatedIsNotDelivered() = unfit(null, DestroyReason.Invalidated) {
        invalidate()
        true
    }

    @Test
    fun aConnectionThatItDetachedIsNotDelivered() = unfit(null, DestroyReason.Detached) {
        detach().release()
        true
    }

    @Test
    fun aConnectionThatDiesMeanwhileIsNotDelivered() = unfit(null, DestroyReason.Lost) {
        connector.connections.first().dies(1000)
        true
    }

    @Test
    fun aConnectionOnWhichItGaveUpAReplyIsNotDelivered() = unfit(null) {
        runCatching { receive(10.milliseconds) }
        true
    }

    @Test
    fun aConnectionOnWhichItLeftAMessageUnreadIsNotDelivered() = unfit(null) {
        connector.connections.first().receives("late")
        true
    }

    /** [hook] makes the first connection one that is not delivered. */
    private fun unfit(
        failure: String?,
        destroyed: DestroyReason? = DestroyReason.Rejected,
        hook: suspend Lease.() -> Boolean,
    ) = runTest {
        var calls = 0
        val pool = poolOf(connector) {
            maxConnections = 1
            onBorrow(1.seconds) { if (++calls == 1) hook() else true }
            onBackgroundError { told += "$it" }
        }
        val lease = pool.borrow()
        if (destroyed != null) assertNotEquals("c1", lease.id.value)
        lease.send("x")
        assertEquals("x", lease.receiveText())
        lease.release()
        assertEquals(listOfNotNull(failure), told)
        assertEquals(listOfNotNull(destroyed), pool.stats.destroyed.keys.toList())
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aBorrowerWhoIsCancelledMeanwhileLeavesNothingBehind() = runTest {
        val pool = poolOf(connector) {
            maxConnections = 1
            onBorrow { if (id.value == "c1") awaitCancellation() else true }
        }
        val caller = launch { pool.borrow() }
        val next = async { pool.withConnection { id.value } }
        runCurrent()
        caller.cancelAndJoin()
        assertEquals("c2", next.await())
        assertEquals(mapOf(DestroyReason.Rejected to 1L), pool.stats.destroyed)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aBorrowWithoutWaitingWearsOutNoConnection() = runTest {
        var looks = 0
        val pool = poolOf(connector) { onBorrow { ++looks > 0 } }
        pool.withConnection { }
        repeat(3) {
            val e = assertFailsWith<BorrowTimeoutException> { pool.borrow(Duration.ZERO) }
            assertTrue(e.message!!.startsWith("No connection to ws://fake within 0s: "), e.message)
        }
        assertEquals(1, pool.stats.idle)
        assertEquals(1, looks)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun tryBorrowCannotWaitForIt() = runTest {
        val pool = poolOf(connector) { onBorrow { true } }
        val e = assertFailsWith<UnsupportedOperationException> { pool.tryBorrow() }
        assertEquals("tryBorrow cannot wait for onBorrow; use borrow", e.message)
    }

    @Test
    fun aPoolClosedInItEnds() = runTest {
        lateinit var pool: WebSocketPool
        pool = poolOf(connector) {
            onBorrow {
                pool.close()
                true
            }
        }
        val e = assertFailsWith<PoolClosedException> { pool.withConnection { send("x") } }
        assertEquals("The pool for ws://fake is closed", e.message)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aPoolThatDrainsServesWhoMetAVeto() = runTest {
        val pool = poolOf(connector) {
            maxConnections = 1
            onBorrow { id.value != "c1" }
        }
        val caller = async { pool.withConnection { id.value } }
        val draining = launch { pool.drain(10.seconds) }
        assertEquals("c2", caller.await())
        draining.join()
        pool.assertNothingLeft(connector)
    }
}
