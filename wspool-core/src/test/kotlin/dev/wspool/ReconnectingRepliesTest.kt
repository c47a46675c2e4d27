package dev.wspool

import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnection
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** Who has sent, and whose connection ends, is told unless he has been answered. */
@OptIn(ExperimentalCoroutinesApi::class)
class ReconnectingRepliesTest {
    private val connector = FakeConnector(autoConnect = true)
    private val peer: FakeConnection get() = connector.connections.last()

    private suspend fun TestScope.play(rule: suspend (ReconnectingWebSocket) -> Unit) {
        val socket = reconnecting(connector)
        socket.awaitConnected()
        try {
            rule(socket)
        } finally {
            socket.close()
        }
    }

    @Test
    fun theLossOfAnAnswerIsToldThoughAnotherQuestionWasSentSince() = runTest {
        play { socket ->
            socket.send("one?")
            peer.dies()
            runCurrent()
            socket.awaitConnected()
            socket.send("two?")
            peer.receives("two!")
            assertFailsWith<ConnectionLostException> { socket.receiveText(1.seconds) }
            assertEquals("two!", socket.receiveText(1.seconds))
        }
    }

    @Test
    fun anEndAfterTheAnswerWhileNobodyAsksIsNoFailure() = runTest {
        play { socket ->
            socket.send("one?")
            peer.receives("one!")
            assertEquals("one!", socket.receiveText())
            peer.dies()
            runCurrent()
            socket.awaitConnected()
            peer.receives("news")
            assertEquals("news", socket.receiveText(1.seconds))
        }
    }

    @Test
    fun reconnectIsALossForAReceiveThatDoesNotWaitToo() = runTest {
        play { socket ->
            socket.send("one?")
            socket.reconnect()
            runCurrent()
            assertFailsWith<ConnectionLostException> { socket.receive(Duration.ZERO) }
        }
    }

    @Test
    fun eachConnectionThatOwedAnAnswerIsToldOnce() = runTest {
        play { socket ->
            for (code in listOf(1006, 1001)) {
                socket.send("?")
                socket.send("and?")
                peer.receives("!")
                peer.dies(code)
                runCurrent()
                socket.awaitConnected()
            }
            for (code in listOf(1006, 1001)) {
                assertEquals("!", socket.receiveText(1.seconds))
                assertEquals(code, assertFailsWith<ConnectionLostException> { socket.receive(1.seconds) }.closeInfo.code)
            }
            assertFailsWith<ReceiveTimeoutException> { socket.receive(1.seconds) }
        }
    }

    @Test
    fun anAnswerThatComesBeforeItsSendReturnsIsOne() = runTest {
        play { socket ->
            peer.sending = FakeBehavior.Slow(1.seconds)
            val sending = launch { socket.send("?") }
            runCurrent()
            peer.receives("!")
            assertEquals("!", socket.receiveText())
            sending.join()
            peer.dies()
            runCurrent()
            socket.awaitConnected()
            assertFailsWith<ReceiveTimeoutException> { socket.receive(Duration.ZERO) }
        }
    }

    @Test
    fun aSendThatFailsHasToldOfTheLossItself() = runTest {
        play { socket ->
            peer.sending = FakeBehavior.Fails()
            assertFailsWith<ConnectionLostException> { socket.send("?") }
            runCurrent()
            socket.awaitConnected()
            assertFailsWith<ReceiveTimeoutException> { socket.receive(1.seconds) }
        }
    }
}
