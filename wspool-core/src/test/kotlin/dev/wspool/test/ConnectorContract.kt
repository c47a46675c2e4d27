package dev.wspool.test

import dev.wspool.CloseInfo
import dev.wspool.ConnectionLostException
import dev.wspool.Message
import dev.wspool.transport.Capability
import dev.wspool.transport.Connector
import kotlinx.coroutines.async
import kotlinx.coroutines.cancel
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs

/**
 * What every [Connector] must do: the tests that a connector's tests inherit, each on real sockets against a server that
 * the test plays. A rule that needs a [Capability] is skipped where the connection does not declare it.
 *
 * ```
 * class MyConnectorContractTest : ConnectorContract() {
 *     override fun connector(): Connector = MyConnector(maxMessageSize = messageBound!!)
 *     override val messageBound: Int? = 4 * 1024 * 1024
 * }
 * ```
 * Nothing here sleeps; the timeouts are a safety net for a connector that hangs.
 */
abstract class ConnectorContract : MessageContract() {
    @Test
    fun thePeersCloseIsAnsweredAndToldWithCodeAndReason() = rule {
        val link = open()
        link.peer.send(PeerFrame.text("last words"))
        link.peer.send(PeerFrame.close(4001, "bye"))
        assertEquals(4001, link.peer.receive(PeerFrame.CLOSE).closeCode)
        link.peer.finish()
        assertEquals(CloseInfo(4001, "bye"), link.listener.awaitClosed())
        assertEquals(listOf<Message>(Message.Text("last words")), link.listener.messages)
        link.peer.awaitEnd()
    }

    @Test
    fun aCloseWithoutACodeIsToldAs1005() = rule {
        val link = open()
        link.peer.send(PeerFrame(PeerFrame.CLOSE))
        link.peer.receive(PeerFrame.CLOSE)
        link.peer.finish()
        assertEquals(CloseInfo.NO_STATUS, link.listener.awaitClosed().code)
    }

    @Test
    fun anEndWithoutAFrameIsToldAs1006() = rule {
        for (end in listOf<suspend (PeerConnection) -> Unit>({ it.finish() }, { it.reset() })) {
            val link = open(url = secretUrl)
            end(link.peer)
            assertEquals(CloseInfo.ABNORMAL, link.listener.awaitClosed().code)
            link.listener.closedCause?.let { cause -> failureOf { throw cause } }
        }
    }

    @Test
    fun abortEndsTheConnectionAndIsToldOnce() = rule {
        val link = open()
        link.peer.send(PeerFrame.text("before"))
        link.listener.awaitMessage()
        repeat(2) { link.connection.abort() }
        assertEquals(CloseInfo.ABNORMAL, link.listener.awaitClosed().code)
        link.peer.awaitEnd()
        link.connection.abort()
        link.connection.resumeReading()
    }

    @Test
    fun abortEndsAConnectionWhoseWriterIsStuck() = rule {
        val link = openWith(Capability.HardAbort)
        coroutineScope {
            val sending = async { failureOf { while (true) link.connection.send(Message.Binary(ByteArray(MIB))) } }
            repeat(4) { link.peer.receive(PeerFrame.BINARY) } // then it reads no more
            link.connection.abort()
            assertEquals(CloseInfo.ABNORMAL, link.listener.awaitClosed().code)
            assertIs<ConnectionLostException>(sending.await())
        }
    }

    @Test
    fun closeSendsCodeAndReasonAndEndsWithThePeersAnswer() = rule {
        val link = open()
        link.connection.close(4000, "done") // returns though the peer has not answered
        assertFalse(link.listener.isClosed)
        assertEquals(CloseInfo(4000, "done"), link.peer.answerClose())
        assertEquals(4000, link.listener.awaitClosed().code)
        link.peer.awaitEnd()
        link.connection.close(1000, "again")
        link.connection.abort()
    }

    @Test
    fun abortEndsAConnectionWhosePeerDoesNotAnswerTheClose() = rule {
        val link = open()
        link.connection.close(1000, "")
        link.peer.receive(PeerFrame.CLOSE)
        link.connection.abort()
        link.listener.awaitClosed()
        link.peer.awaitEnd()
    }

    @Test
    fun aSendAfterTheEndThrowsConnectionLost() = rule {
        val link = open(url = secretUrl)
        link.peer.send(PeerFrame.close(1001, "restart"))
        link.peer.receive(PeerFrame.CLOSE)
        link.peer.finish()
        link.listener.awaitClosed()
        val failure = assertIs<ConnectionLostException>(failureOf { link.connection.send(Message.Text("too late")) })
        assertEquals(CloseInfo(1001, "restart"), failure.closeInfo)
    }

    @Test
    fun aSenderWhoWaitsIsToldOfTheEnd() = rule {
        val link = open(url = secretUrl)
        coroutineScope {
            val sending = async { failureOf { while (true) link.connection.send(Message.Binary(ByteArray(MIB))) } }
            link.peer.receive(PeerFrame.BINARY)
            link.peer.reset()
            assertIs<ConnectionLostException>(sending.await())
            link.listener.awaitClosed()
        }
    }

    /** The reader stands still, so the sender finds out by itself, and in the middle of a message where it goes in fragments. */
    @Test
    fun aSenderIsToldOfAnEndThatNobodyReads() = rule {
        val link = openWith(Capability.Backpressure)
        link.listener.stop()
        link.peer.send(PeerFrame.text("enough"))
        link.listener.awaitMessage()
        coroutineScope {
            val sending = async { failureOf { while (true) link.connection.send(Message.Binary(ByteArray(8 * MIB))) } }
            link.peer.receive(PeerFrame.BINARY)
            link.peer.reset()
            assertIs<ConnectionLostException>(sending.await())
            link.listener.awaitClosed()
        }
    }

    @Test
    fun aCancelledSendHasSentItsMessageWholeOrNotAtAllOrLostTheConnection() = rule {
        val link = open()
        coroutineScope {
            val sending = launch { repeat(FLOOD) { link.connection.send(Message.Text("$it".padEnd(MIB))) } }
            link.peer.receiveMessage()
            sending.cancelAndJoin()
            launch { runCatching { link.connection.send(Message.Text("marker")) } }
            while (true) {
                val message = link.peer.receiveMessageOrNull() ?: break
                val text = assertIs<Message.Text>(message).text
                if (text == "marker") break
                assertEquals(MIB, text.length, "A part of a message was taken for a whole one")
            }
        }
    }

    @Test
    fun aScopeThatIsCancelledTakesItsConnectionAlong() = rule {
        val link = open()
        link.listener.scope.cancel()
        link.listener.awaitClosed()
        link.peer.awaitEnd()
        assertIs<ConnectionLostException>(failureOf { link.connection.send(Message.Text("too late")) })
    }

    private companion object {
        const val MIB = 1024 * 1024
        const val FLOOD = 48
    }
}
