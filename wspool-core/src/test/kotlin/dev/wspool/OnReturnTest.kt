package dev.wspool

import dev.wspool.test.FakeConnection
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.time.Duration.Companion.seconds

/** `onReturn`: what is done with a connection after its user has given it back, and before the next gets it. */
@OptIn(ExperimentalCoroutinesApi::class)
class OnReturnTest {
    private val connector = echoing()
    private val told = ArrayList<String>()
    private var calls = 0
    private val peer: FakeConnection get() = connector.connections.last()

    private fun TestScope.pool(configure: PoolConfig.Builder.() -> Unit = {}, hook: suspend Lease.() -> Unit) = poolOf(connector) {
        maxConnections = 1
        onReturn(2.seconds) {
            calls++
            hook()
        }
        onBackgroundError { told += "$it" }
        configure()
    }

    @Test
    fun releaseDoesNotWaitForItAndTheNextBorrowerDoes() = runTest {
        val pool = pool { delay(1.seconds) }
        pool.borrow().release()
        runCurrent()
        assertEquals(1, pool.stats.leased)
        assertEquals("c1", pool.withConnection { id.value })
        assertEquals(1_000, currentTime)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun itUsesTheConnectionAsAnyUser() = runTest {
        val replies = ArrayList<String>()
        val pool = pool {
            send("unsubscribe")
            replies += receiveText()
        }
        pool.borrow().release()
        runCurrent()
        assertEquals(listOf("unsubscribe"), replies)
        assertEquals(1, pool.stats.idle)
    }

    @Test
    fun itsLeaseEndsWithIt() = runTest {
        lateinit var kept: Lease
        val pool = pool { kept = this }
        pool.borrow().release()
        runCurrent()
        val e = assertFailsWith<LeaseReleasedException> { kept.send("x") }
        assertEquals("Connection c1 to ws://fake was released; the lease cannot be used any more", e.message)
    }

    @Test
    fun itIsNotCalledForADirtyConnection() = runTest {
        val pool = pool { }
        runCatching { pool.withConnection { error("mine") } }
        pool.withConnection { peer.receives("unread") }
        pool.withConnection { invalidate() }
        runCurrent()
        assertEquals(0, calls)
        assertEquals(mapOf(DestroyReason.Dirty to 2L, DestroyReason.Invalidated to 1L), pool.stats.destroyed)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun itIsCalledWhereThePolicyOverlooksWhatIsUnread() = runTest {
        val pool = pool({ unreadMessages = UnreadMessages.Drop }) { }
        pool.withConnection { peer.receives("unread") }
        runCurrent()
        assertEquals(1, calls)
        assertEquals(1, pool.stats.idle)
    }

    @Test
    fun itIsNotCalledForADeadConnection() = runTest {
        val pool = pool { }
        val lease = pool.borrow()
        peer.dies(1000)
        lease.release()
        runCurrent()
        assertEquals(0, calls)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun itIsNotCalledForALeaseThatReachedNobody() = runTest {
        val pool = pool { }
        val held = pool.borrow()
        val waiter = launch { pool.borrow() }
        runCurrent()
        peer.dies(1000) // and the waiter's own connection is on its way to him
        connector.awaitOpenConnections(1)
        waiter.cancelAndJoin()
        held.release()
        runCurrent()
        assertEquals(0, calls)
        assertEquals(1, pool.stats.idle)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aMessageThatComesBetweenTheReleaseAndItDoesNotReachTheNext() = runTest {
        val pool = pool { }
        pool.borrow().release()
        peer.receives("late")
        assertEquals("c2", pool.withConnection { id.value })
        assertEquals(0, calls)
        assertEquals(mapOf(DestroyReason.Dirty to 1L), pool.stats.destroyed)
    }

    @Test
    fun oneThatThrowsClosesTheConnectionAndIsTold() =
        spoils(DestroyReason.Dirty, "java.lang.IllegalStateException: mine") { error("mine") }

    @Test
    fun oneThatTakesTooLongClosesTheConnectionAndIsTold() =
        spoils(DestroyReason.Dirty, "dev.wspool.internal.HookTimeoutException: onReturn of ws://fake was not done within 2s") {
            awaitCancellation()
        }

    @Test
    fun itsOwnCancellationClosesTheConnectionAndIsTold() =
        spoils(DestroyReason.Dirty, "java.util.concurrent.CancellationException: its own") { throw CancellationException("its own") }

    @Test
    fun itMayInvalidateTheConnection() = spoils(DestroyReason.Invalidated, null) { invalidate() }

    @Test
    fun itCannotDetachTheConnection() =
        spoils(DestroyReason.Dirty, "java.lang.UnsupportedOperationException: onReturn cannot detach a connection") { detach() }

    @Test
    fun aReplyThatItGaveUpDoesNotReachTheNext() = spoils(DestroyReason.Dirty, null) { runCatching { receive(1.seconds) } }

    @Test
    fun aMessageThatComesMeanwhileDoesNotReachTheNext() =
        spoils(DestroyReason.Dirty, null) { connector.connections.first().receives("late") }

    private fun spoils(reason: DestroyReason, failure: String?, hook: suspend Lease.() -> Unit) = runTest {
        val pool = pool { if (id.value == "c1") hook() }
        pool.borrow().release()
        assertEquals("c2", pool.withConnection { id.value })
        assertEquals(mapOf(reason to 1L), pool.stats.destroyed)
        assertEquals(listOfNotNull(failure), told)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aPoolClosedInItEnds() = runTest {
        lateinit var pool: WebSocketPool
        pool = pool {
            pool.close()
            awaitCancellation()
        }
        pool.borrow().release()
        pool.awaitClosed()
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aDrainWaitsForIt() = runTest {
        val pool = pool { delay(1.seconds) }
        pool.borrow().release()
        val draining = async { pool.drain(10.seconds) }
        draining.await()
        assertEquals(1_000, currentTime)
        assertEquals(mapOf(DestroyReason.PoolClosed to 1L), pool.stats.destroyed)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aReleaseAfterTheEndOfThePoolCallsNothing() = runTest {
        val pool = pool { }
        val lease = pool.borrow()
        pool.close()
        pool.awaitClosed()
        lease.release()
        runCurrent()
        assertEquals(0, calls)
        pool.assertNothingLeft(connector)
    }
}
