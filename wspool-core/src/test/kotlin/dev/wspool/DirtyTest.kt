package dev.wspool

import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnection
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension
import java.io.IOException
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotEquals
import kotlin.test.assertNotSame
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/** Which connections are lent again: those whose last user finished cleanly, and no others. */
@OptIn(ExperimentalCoroutinesApi::class)
class DirtyTest {
    @JvmField
    @RegisterExtension
    internal val log = ExpectedLog()
    private val connector = FakeConnector(autoConnect = true)
    private val peer: FakeConnection get() = connector.connections.last()

    @Test
    fun aBlockThatEndsIsClean() = clean { it.withConnection { send("x") } }

    @Test
    fun aBlockThatThrewIsDirty() = dirty { runCatching { it.withConnection { error("mine") } } }

    @Test
    fun aBlockThatWasCancelledIsDirty() = dirty { pool ->
        val job = launch { pool.withConnection { awaitCancellation() } }
        runCurrent()
        job.cancelAndJoin()
    }

    @Test
    fun aBlockWhoseOwnTimeoutWasOverIsDirty() = dirty { pool ->
        withTimeoutOrNull(1.seconds) { pool.withConnection { awaitCancellation() } }
    }

    @Test
    fun leavingTheBlockByReturnIsClean() = clean { leaveByReturn(it) }

    private suspend fun leaveByReturn(pool: WebSocketPool) {
        pool.withConnection {
            send("x")
            return
        }
    }

    @Test
    fun leavingTheBlockByBreakIsClean() = clean { pool ->
        @Suppress("UNREACHABLE_CODE")
        for (attempt in 1..2) pool.withConnection { break }
    }

    @Test
    fun aMessageThatWasNotReadIsDirty() = dirty { it.withConnection { peer.receives("unread") } }

    @Test
    fun aMessageThatWasReadIsClean() = clean {
        it.withConnection {
            peer.receives("read")
            receive()
        }
    }

    @Test
    fun aSendThatWasCancelledIsDirty() = dirty { pool ->
        pool.withConnection {
            peer.sending = FakeBehavior.Never
            assertNull(withTimeoutOrNull(1.seconds) { send("x") })
        }
    }

    @Test
    fun aSendThatFailedIsDirty() = dirty { pool ->
        pool.withConnection {
            peer.sending = FakeBehavior.Fails { IOException("no route") }
            val e = assertFailsWith<ConnectionLostException> { send("x") }
            assertEquals("Connection c1 to ws://fake failed: close code 1006", e.message)
            assertEquals("java.io.IOException: no route", e.cause.toString())
        }
    }

    @Test
    fun anEnginesOwnCancellationIsNotTheCallers() = dirty { pool ->
        pool.withConnection {
            peer.sending = FakeBehavior.Fails { CancellationException("the engine's") }
            assertFailsWith<ConnectionLostException> { send("x") }
        }
    }

    @Test
    fun aSendThatRunsAtTheReleaseIsDirty() = dirty { pool ->
        val lease = pool.borrow()
        peer.sending = FakeBehavior.Slow(1.seconds)
        launch { runCatching { lease.send("x") } }
        runCurrent()
        lease.release()
    }

    @Test
    fun aReceiveThatWasCancelledIsDirty() = dirty { pool ->
        pool.withConnection { assertNull(withTimeoutOrNull(1.seconds) { receive() }) }
    }

    @Test
    fun aReceiveThatTimedOutIsDirty() = dirty { pool ->
        pool.withConnection { assertFailsWith<ReceiveTimeoutException> { receive(1.seconds) } }
    }

    @Test
    fun aReceiveThatTimedOutIsForgivenWhenALaterOneSucceeds() = clean { pool ->
        pool.withConnection {
            repeat(3) { assertFailsWith<ReceiveTimeoutException> { receive(1.seconds) } }
            peer.receives("late")
            receive()
        }
    }

    @Test
    fun aReceiveThatTimedOutIsForgivenWhenALaterOneWaitsAndSucceeds() = clean { pool ->
        pool.withConnection {
            assertFailsWith<ReceiveTimeoutException> { receive(1.seconds) }
            val later = async { receive() }
            runCurrent()
            peer.receives("late")
            later.await()
        }
    }

    @Test
    fun aMessageThatACancelledReceiverPutBackIsDirtyUntilItIsRead() = clean { pool ->
        pool.withConnection {
            val cancelled = launch { receive() }
            runCurrent()
            peer.receives("1")
            cancelled.cancelAndJoin()
            receive()
        }
    }

    @Test
    fun aMessageThatACancelledReceiverPutBackIsDirty() = dirty { pool ->
        pool.withConnection {
            val cancelled = launch { receive() }
            runCurrent()
            peer.receives("1")
            cancelled.cancelAndJoin()
        }
    }

    @Test
    fun aPingThatTimedOutIsDirty() = dirty { pool ->
        peer.answersPing = false
        pool.withConnection { assertFailsWith<ReceiveTimeoutException> { ping(1.seconds) } }
    }

    @Test
    fun aRefusedSecondReceiverIsClean() = clean { pool ->
        pool.withConnection {
            val first = async { receive() }
            runCurrent()
            assertFailsWith<IllegalStateException> { receive() }
            peer.receives("x")
            first.await()
        }
    }

    @Test
    fun aMessageTooBigToSendIsDirty() = dirty { pool ->
        pool.withConnection {
            peer.sending = FakeBehavior.Fails { MessageTooBigException("2 MiB, and the engine sends 1 MiB", 1 shl 20) }
            assertEquals(1L shl 20, assertFailsWith<MessageTooBigException> { send("x") }.limit)
        }
    }

    @Test
    fun theReplyToACallerWhoGaveUpDoesNotReachTheNext() = runTest {
        val pool = poolOf(connector) { maxConnections = 1 }
        runCatching {
            pool.withConnection {
                send("what is my balance?")
                receiveText(1.seconds)
            }
        }
        val abandoned = peer
        val next = async {
            pool.withConnection {
                send("what is the weather?")
                receiveText()
            }
        }
        runCurrent()
        abandoned.receives("a million")
        assertNotSame(abandoned, peer)
        peer.receives("fine")
        assertEquals("fine", next.await())
    }

    @Test
    fun aMessageBetweenTwoLeasesIsNobodysAndEndsTheConnection() = runTest {
        val pool = poolOf(connector) { maxConnections = 1 }
        val first = pool.withConnection { id }
        peer.receives("did you ask?")
        assertEquals(1, pool.stats.closing)
        runCurrent()
        assertEquals(mapOf(DestroyReason.UnsolicitedMessage to 1L), pool.stats.destroyed)
        pool.withConnection {
            assertNotEquals(first, id)
            assertFailsWith<ReceiveTimeoutException> { receive(1.seconds) }
        }
    }

    @Test
    fun aServerThatSpeaksUnaskedIsNotDialledInATightLoopAndIsNamedInTheError() = runTest {
        log.expect("connections in a row closed, as the server speaks before anybody has asked")
        connector.onConnection = { it.receives("welcome!") }
        val pool = poolOf(connector)
        val e = assertFailsWith<BorrowTimeoutException> { pool.borrow(10.seconds) }
        assertContains(
            e.message!!,
            "Connections are closed, as the server speaks before anybody has asked: read its greeting in onConnect, or set unsolicitedMessages.",
        )
        assertTrue(connector.dialCount in 5..10, "${connector.dialCount} dials")
        pool.assertNothingLeft(connector)
    }

    private fun clean(use: suspend TestScope.(WebSocketPool) -> Unit) = afterUse(use) { first, second, pool ->
        assertEquals(first, second)
        assertEquals(emptyMap(), pool.stats.destroyed)
    }

    private fun dirty(use: suspend TestScope.(WebSocketPool) -> Unit) = afterUse(use) { first, second, pool ->
        assertNotEquals(first, second)
        assertEquals(setOf(DestroyReason.Dirty), pool.stats.destroyed.keys)
    }

    private fun afterUse(
        use: suspend TestScope.(WebSocketPool) -> Unit,
        then: (first: ConnectionId, second: ConnectionId, pool: WebSocketPool) -> Unit,
    ) = runTest {
        val pool = poolOf(connector) { maxConnections = 1 }
        val first = pool.withConnection { id }
        use(pool)
        then(first, pool.withConnection { id }, pool)
        pool.assertNothingLeft(connector)
    }
}
