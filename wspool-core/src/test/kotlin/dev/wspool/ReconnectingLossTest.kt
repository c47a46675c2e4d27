package dev.wspool

import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnection
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** What becomes of messages where the one connection is lost. */
@OptIn(ExperimentalCoroutinesApi::class)
class ReconnectingLossTest {
    @JvmField
    @RegisterExtension
    internal val log = ExpectedLog()

    private val connector = FakeConnector(autoConnect = true)
    private val peer: FakeConnection get() = connector.connections.last()

    private fun TestScope.socket(configure: PoolConfig.Builder.() -> Unit = {}) = reconnecting(connector, configure)

    private fun TestScope.loses(code: Int = 1006) {
        peer.dies(code)
        runCurrent()
    }

    @Test
    fun aReceiveThatWaitsOnAConnectionThatEndsIsToldAndTheNextGoesOn() = runTest {
        val socket = socket()
        socket.awaitConnected()
        val waiting = async { runCatching { socket.receive() } }
        runCurrent()
        loses()
        assertEquals(1006, assertIs<ConnectionLostException>(waiting.await().exceptionOrNull()).closeInfo.code)
        val next = async { socket.receiveText() }
        socket.awaitConnected()
        runCurrent()
        peer.receives("hello")
        assertEquals("hello", next.await())
        socket.assertNothingLeft(connector)
    }

    @Test
    fun whoHasSentAndNotReceivedIsToldOfTheLoss() = runTest {
        val socket = socket()
        socket.send("question")
        loses()
        assertFailsWith<ConnectionLostException> { socket.receive() }

        socket.send("question")
        peer.receives("answer")
        loses()
        assertEquals("answer", socket.receiveText(), "it came before the end")
        socket.assertNothingLeft(connector)
    }

    @Test
    fun aSendThatFailsIsNotRepeated() = runTest {
        val socket = socket()
        socket.awaitConnected()
        peer.sending = FakeBehavior.Fails()
        assertFailsWith<ConnectionLostException> { socket.send("once") }
        socket.awaitConnected()
        runCurrent()
        assertEquals(2, connector.connections.size)
        assertEquals(emptyList(), connector.connections.flatMap { it.sent })
        socket.assertNothingLeft(connector)
    }

    @Test
    fun aReceiveThatIsCancelledOrTimesOutLosesNothing() = runTest {
        val socket = socket()
        socket.awaitConnected()
        val cancelled = launch { socket.receive() }
        runCurrent()
        peer.receives("one")
        cancelled.cancelAndJoin()
        val timed = launch { socket.receive(1.seconds) }
        runCurrent()
        assertTrue(timed.isCompleted)
        val late = launch { socket.receive(1.seconds) }
        runCurrent()
        peer.receives("two")
        late.cancelAndJoin()
        assertEquals("two", socket.receiveText(1.seconds))
        val e = assertFailsWith<ReceiveTimeoutException> { socket.receive(1.seconds) }
        assertEquals("Nothing received from ws://fake within 1s", e.message)
        assertFailsWith<ReceiveTimeoutException> { socket.receive(Duration.ZERO) }
        peer.receives(byteArrayOf(2))
        assertContentEquals(byteArrayOf(2), socket.receiveBinary(Duration.ZERO))
        peer.receives(byteArrayOf(3))
        assertFailsWith<UnexpectedMessageException> { socket.receiveText() }
        peer.receives("text")
        assertFailsWith<UnexpectedMessageException> { socket.receiveBinary() }
        assertEquals(1, connector.connections.size)
        socket.assertNothingLeft(connector)
    }

    @Test
    fun ofTwoReceiversOneWaitsForTheOther() = runTest {
        val socket = socket()
        socket.awaitConnected()
        val receives = List(2) { async { socket.receiveText() } }
        runCurrent()
        assertFailsWith<ReceiveTimeoutException> { socket.receive(Duration.ZERO) }
        assertFailsWith<ReceiveTimeoutException> { socket.receive(1.seconds) }
        peer.receives("one")
        peer.receives("two")
        assertEquals(listOf("one", "two"), receives.map { it.await() })
        socket.assertNothingLeft(connector)
    }

    @Test
    fun whereNobodyEverReceivesTheOldestIsGivenUp() = runTest {
        log.expect("nobody receives; what came on c")
        val socket = socket()
        repeat(20) {
            socket.awaitConnected()
            peer.receives("$it")
            loses(1000)
        }
        socket.awaitConnected()
        runCurrent()
        assertEquals("5", socket.receiveText())
        socket.assertNothingLeft(connector)
    }
}
