package dev.wspool

import dev.wspool.test.FakeConnection
import dev.wspool.test.FakeConnector
import dev.wspool.transport.Capability
import dev.wspool.transport.Connection
import dev.wspool.transport.ConnectionListener
import dev.wspool.transport.Connector
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** How messages and pongs reach the holder of a lease. */
@OptIn(ExperimentalCoroutinesApi::class)
class ReceiveTest {
    private val connector = FakeConnector(autoConnect = true)
    private val peer: FakeConnection get() = connector.connections.last()

    @Test
    fun messagesAreReceivedInOrderWhetherSomebodyWaitsOrNot() = runTest {
        poolOf(connector).withConnection {
            peer.receives("1")
            peer.receives("2")
            assertEquals("1", receiveText())
            assertEquals("2", receiveText())
            val third = async { receiveText() }
            runCurrent()
            peer.receives("3")
            peer.receives(byteArrayOf(4))
            assertEquals("3", third.await())
            assertContentEquals(byteArrayOf(4), receiveBinary())
        }
    }

    @Test
    fun twoReceiversAtOnceAreAMistake() = runTest {
        val lease = poolOf(connector).borrow()
        val first = async { lease.receiveText() }
        runCurrent()
        val e = assertFailsWith<IllegalStateException> { lease.receive() }
        assertEquals("Another receive of this lease is waiting: one receiver at a time", e.message)
        assertFailsWith<IllegalStateException> { lease.messages.first() }
        peer.receives("for the first")
        assertEquals("for the first", first.await())
    }

    @Test
    fun aReceiverWithATimeLimitWhoIsCancelledJustAfterHisMessageCameLosesNothing() = runTest {
        lateinit var receiver: Deferred<String>
        val lease = poolOf(ResumingConnector(connector) { receiver.cancel() }).borrow()
        (1..64).forEach { peer.receives("$it") } // the reader is stopped
        repeat(31) { lease.receive() }
        receiver = async(start = CoroutineStart.LAZY) { lease.receiveText(1.seconds) } // the one who lets it go on
        receiver.join()
        assertTrue(receiver.isCancelled)
        assertEquals("32", lease.receiveText())
    }

    /** Tells [onResume] within a receiver's own call. */
    private class ResumingConnector(private val connector: Connector, private val onResume: () -> Unit) : Connector {
        override suspend fun connect(endpoint: Endpoint, listener: ConnectionListener): Connection {
            val connection = connector.connect(endpoint, listener)
            return object : Connection by connection {
                override fun resumeReading() = connection.resumeReading().also { onResume() }
            }
        }
    }

    @Test
    fun aReceiverWithoutADispatcherNeitherRunsWhereTheEngineReadsNorWhereTheLeaseIsReleased() = runBlocking {
        val pool = WebSocketPool(connector, Endpoint("ws://fake"))
        val lease = pool.borrow()
        val threads = ArrayList<Thread>()
        val receiver = launch(Dispatchers.Unconfined) {
            lease.receive()
            threads += Thread.currentThread()
            runCatching { lease.receive() }
            threads += Thread.currentThread()
        }
        peer.receives("1")
        while (threads.isEmpty()) yield()
        lease.release()
        receiver.join()
        assertTrue(Thread.currentThread() !in threads, "$threads")
        pool.close()
    }

    @Test
    fun aReceiverWhoHasBeenServedButHasNotRunYetIsStillAReceiver() = runTest {
        val lease = poolOf(connector).borrow()
        val first = async { lease.receiveText() }
        runCurrent()
        peer.receives("1")
        assertFailsWith<IllegalStateException> { lease.receive() }
        assertEquals("1", first.await())
    }

    @Test
    fun aReceiveGivesUpWhenItsTimeIsOver() = runTest {
        val lease = poolOf(connector).borrow()
        val e = assertFailsWith<ReceiveTimeoutException> { lease.receive(250.milliseconds) }
        assertEquals("Nothing received on Connection c1 to ws://fake within 250ms", e.message)
        assertEquals(250, currentTime)
        assertFailsWith<ReceiveTimeoutException> { lease.receiveText(1.milliseconds) }
        assertFailsWith<ReceiveTimeoutException> { lease.receiveBinary(1.milliseconds) }
    }

    @Test
    fun aMessageThatComesWithTheTimeoutIsNotLost() = runTest {
        val lease = poolOf(connector).borrow()
        launch {
            delay(1.seconds)
            peer.receives("just now")
        }
        val received = runCatching { lease.receiveText(1.seconds) }.getOrElse { lease.receiveText() }
        assertEquals("just now", received)
    }

    @Test
    fun aMessageThatMeetsACancelledReceiverIsThereForTheNextReceive() = runTest {
        val lease = poolOf(connector).borrow()
        val cancelled = launch { lease.receive() }
        runCurrent()
        peer.receives("1") // has resumed the receiver, who has not run yet
        peer.receives("2")
        cancelled.cancelAndJoin()
        assertEquals("1", lease.receiveText())
        assertEquals("2", lease.receiveText())
    }

    @Test
    fun aMessageOfTheOtherKindIsShownInTheErrorsPropertyAndNotInItsText() = runTest {
        val lease = poolOf(connector).borrow()
        peer.receives(byteArrayOf(1, 2, 3))
        val binary = assertFailsWith<UnexpectedMessageException> { lease.receiveText() }
        assertEquals("Expected a text message, got 3 bytes of binary", binary.message)
        assertEquals(Message.Binary(byteArrayOf(1, 2, 3)), binary.received)
        peer.receives("secret")
        val text = assertFailsWith<UnexpectedMessageException> { lease.receiveBinary() }
        assertEquals("Expected a binary message, got 6 characters of text", text.message)
        assertEquals(Message.Text("secret"), text.received)
        peer.receives("go on")
        assertEquals("go on", lease.receiveText())
    }

    @Test
    fun theFlowOfMessagesCompletesWhenThePeerHasSaidAll() = runTest {
        for (code in listOf(CloseInfo.NORMAL, CloseInfo.GOING_AWAY)) {
            val lease = poolOf(connector).borrow()
            peer.receives("1")
            peer.receives("2")
            peer.closes(code)
            assertEquals(listOf(Message.Text("1"), Message.Text("2")), lease.messages.toList())
        }
    }

    @Test
    fun theFlowOfMessagesFailsWhenTheConnectionIsLostAfterAllThatCameBefore() = runTest {
        for (info in listOf(CloseInfo(1006), CloseInfo(1011, "boom"), CloseInfo(1005))) {
            val lease = poolOf(connector).borrow()
            peer.receives("before the loss")
            peer.dies(info.code, info.reason)
            val collected = ArrayList<Message>()
            val e = assertFailsWith<ConnectionLostException> { lease.messages.collect { collected += it } }
            assertEquals("Connection c1 to ws://fake was lost: $info", e.message)
            assertEquals(info, e.closeInfo)
            assertEquals(listOf<Message>(Message.Text("before the loss")), collected)
        }
    }

    @Test
    fun whatAFlowHasNotCollectedIsThereForTheNext() = runTest {
        val lease = poolOf(connector).borrow()
        repeat(4) { peer.receives("$it") }
        assertEquals(2, lease.messages.take(2).toList().size)
        assertEquals("2", lease.receiveText())
        assertEquals(Message.Text("3"), lease.messages.first())
    }

    @Test
    fun aReceiverWhoWaitsIsToldOfTheLoss() = runTest {
        val lease = poolOf(connector).borrow()
        val receiver = async { assertFailsWith<ConnectionLostException> { lease.receive() } }
        runCurrent()
        peer.closes(1000, "bye")
        assertEquals("Connection c1 to ws://fake was lost: close code 1000 \"bye\"", receiver.await().message)
    }

    @Test
    fun readingStopsAt64UnreadMessagesAndGoesOnWhenHalfAreRead() = runTest {
        val pool = poolOf(connector)
        val lease = pool.borrow()
        repeat(63) { assertTrue(peer.receives("$it"), "message $it") }
        assertFalse(peer.receives("63"))
        assertTrue(peer.readingStopped)
        repeat(10) { peer.receives("${64 + it}") }
        assertEquals(10, peer.heldBack)
        repeat(31) { assertEquals("$it", lease.receiveText()) }
        assertTrue(peer.readingStopped)
        assertEquals("31", lease.receiveText())
        assertFalse(peer.readingStopped)
        assertEquals(0, peer.heldBack)
        repeat(42) { assertEquals("${it + 32}", lease.receiveText()) }
        lease.release()
        assertEquals(1, pool.stats.idle)
    }

    @Test
    fun anEngineThatDeliversOneMessageMoreAfterTheStopLosesNone() = runTest {
        connector.onConnection = { it.overruns = true }
        val lease = poolOf(connector).borrow()
        repeat(100) { peer.receives("$it") }
        repeat(100) { assertEquals("$it", lease.receiveText()) }
        assertFalse(peer.readingStopped)
    }

    @Test
    fun aCollectorReadsAnyNumberOfMessagesThroughTheBound() = runTest {
        val lease = poolOf(connector).borrow()
        repeat(1_000) { peer.receives("$it") }
        peer.closes()
        assertEquals(List(1_000) { Message.Text("$it") }, lease.messages.toList<Message>())
    }

    @Test
    fun aPingMeasuresTheRoundTrip() = runTest {
        connector.onConnection = { it.answersPing = false }
        val pool = poolOf(connector)
        pool.withConnection {
            val roundTrip = async { ping() }
            val payload = peer.awaitPing()
            delay(30.milliseconds)
            peer.pongs(byteArrayOf(1)) // unsolicited pongs are legal: RFC 6455, 5.5.3
            peer.pongs(ByteArray(8))
            peer.pongs(payload)
            assertEquals(30.milliseconds, roundTrip.await())
        }
        assertEquals(1, pool.stats.idle)
    }

    @Test
    fun aPingGivesUpWhenItsTimeIsOver() = runTest {
        connector.onConnection = { it.answersPing = false }
        val pool = poolOf(connector)
        val e = assertFailsWith<ReceiveTimeoutException> { pool.withConnection { ping(2.seconds) } }
        assertEquals("No pong on Connection c1 to ws://fake within 2s", e.message)
        assertEquals(2_000, currentTime)
    }

    @Test
    fun aPingIsToldOfTheLoss() = runTest {
        connector.onConnection = { it.answersPing = false }
        val lease = poolOf(connector).borrow()
        val ping = async { assertFailsWith<ConnectionLostException> { lease.ping() } }
        runCurrent()
        peer.dies(1011)
        assertEquals("Connection c1 to ws://fake was lost: close code 1011", ping.await().message)
    }

    @Test
    fun anEngineWithoutPingsSaysSo() = runTest {
        connector.capabilities = setOf(Capability.Backpressure)
        val pool = poolOf(connector)
        pool.withConnection {
            val e = assertFailsWith<UnsupportedOperationException> { ping() }
            assertEquals("The engine of Connection c1 to ws://fake shows no pongs", e.message)
        }
        assertEquals(1, pool.stats.idle)
    }
}
