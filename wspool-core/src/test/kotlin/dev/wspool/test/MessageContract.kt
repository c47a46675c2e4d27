package dev.wspool.test

import dev.wspool.CloseInfo
import dev.wspool.Message
import dev.wspool.MessageTooBigException
import dev.wspool.transport.Capability
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.firstOrNull
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs

/** The part of [ConnectorContract] that sends and receives: messages, backpressure, pings. Inherit that, not this. */
abstract class MessageContract internal constructor() : ConnectContract() {
    /** The bound of a received message in bytes that [connector] was made with: 2 MiB or more; null where it has none. */
    protected open val messageBound: Int? get() = null

    // Messages

    @Test
    fun textAndBinaryOfAnySizeGoOutAndComeInWhole() = rule {
        val link = open()
        for (size in SIZES) {
            for (message in listOf(Message.Text("x".repeat(size)), Message.Binary(ByteArray(size) { it.toByte() }))) {
                coroutineScope {
                    launch { link.connection.send(message) }
                    assertEquals(message, link.peer.receiveMessage())
                }
                link.peer.send(message)
                assertEquals(message, link.listener.awaitMessage())
            }
        }
    }

    @Test
    fun textKeepsItsCharacters() = rule {
        val link = open()
        val text = "Grüße, 世界, \uD83D\uDE80"
        link.connection.send(Message.Text(text))
        assertEquals(Message.Text(text), link.peer.receiveMessage())
        link.peer.send(Message.Text(text))
        assertEquals(Message.Text(text), link.listener.awaitMessage())
    }

    @Test
    fun messagesKeepTheirOrder() = rule {
        val link = open()
        coroutineScope {
            launch { repeat(MESSAGES) { link.connection.send(Message.Text("out $it")) } }
            repeat(MESSAGES) { assertEquals(Message.Text("out $it"), link.peer.receiveMessage()) }
            launch { repeat(MESSAGES) { link.peer.send(PeerFrame.text("in $it")) } }
            repeat(MESSAGES) { assertEquals(Message.Text("in $it"), link.listener.awaitMessage()) }
        }
    }

    @Test
    fun fragmentsWithAPingAmongThemArriveAsOneMessage() = rule {
        val link = open()
        val euro = "€".toByteArray() // three bytes, parted in the middle of the character
        link.peer.send(PeerFrame(PeerFrame.TEXT, "10 ".toByteArray() + euro.copyOf(1), isFinal = false))
        link.peer.send(PeerFrame.ping("between"))
        link.peer.send(PeerFrame(PeerFrame.CONTINUATION, euro.copyOfRange(1, 3), isFinal = false))
        link.peer.send(PeerFrame(PeerFrame.CONTINUATION))
        assertEquals(Message.Text("10 €"), link.listener.awaitMessage())
        assertEquals("between", link.peer.receive(PeerFrame.PONG).payload.decodeToString())
    }

    @Test
    fun messagesOfConcurrentSendersStayWholeAndInTheirSendersOrder() = rule {
        val link = open()
        coroutineScope {
            val senders = ('a'..'h').map { name ->
                launch(Dispatchers.Default) {
                    repeat(MESSAGES_OF_EACH) { link.connection.send(Message.Text("$it:" + "$name".repeat(70_000))) }
                }
            }
            val next = HashMap<Char, Int>()
            repeat(senders.size * MESSAGES_OF_EACH) {
                val (number, text) = assertIs<Message.Text>(link.peer.receiveMessage()).text.split(":")
                assertEquals(text.first().toString().repeat(70_000), text, "Two messages were mixed")
                assertEquals(next.merge(text.first(), 1, Int::plus)!! - 1, number.toInt(), "Order of sender ${text.first()}")
            }
            senders.joinAll()
        }
    }

    @Test
    fun aMessageOverTheBoundFailsTheConnectionWith1009() = rule {
        val link = openWith(Capability.MessageBound)
        val bound = messageBound
        assumeTrue(bound != null, "The contract was not told the bound")
        val half = ByteArray(bound!! / 2 + 1)
        coroutineScope {
            launch { runCatching { listOf(false, true).forEach { link.peer.send(PeerFrame(if (it) 0 else 2, half, it)) } } }
            // The Close frame may be lost: an engine that hangs up on the rest of the message makes TCP reset the connection.
            link.peer.frames().firstOrNull { it.opcode == PeerFrame.CLOSE }?.let { assertEquals(CloseInfo.MESSAGE_TOO_BIG, it.closeCode) }
            link.peer.reset()
            assertEquals(CloseInfo.MESSAGE_TOO_BIG, link.listener.awaitClosed().code)
        }
        assertEquals(bound.toLong(), assertIs<MessageTooBigException>(link.listener.closedCause).limit)
        assertEquals(0, link.listener.messageCount)
    }

    @Test
    fun textThatIsNotUtf8FailsTheConnectionWith1007() = rule {
        val link = openWith(Capability.Utf8Check)
        link.peer.send(PeerFrame(PeerFrame.TEXT, byteArrayOf(0x61, 0xC3.toByte(), 0x28)))
        assertEquals(CloseInfo.INVALID_PAYLOAD, link.peer.answerClose().code)
        assertEquals(CloseInfo.INVALID_PAYLOAD, link.listener.awaitClosed().code)
        assertEquals(0, link.listener.messageCount)
    }

    // Backpressure

    @Test
    fun aListenerThatSaysStopIsLeftAloneUntilItReadsOn() = rule {
        val link = openWith(Capability.Backpressure)
        link.listener.stop()
        coroutineScope {
            val flood = launch { repeat(FLOOD) { link.peer.send(PeerFrame.binary(ByteArray(MIB) { _ -> it.toByte() })) } }
            link.listener.awaitMessage()
            repeat(ROUNDS) { // each goes all the way to the peer: time for whatever should not arrive
                link.connection.send(Message.Text("still there $it"))
                link.peer.receiveMessage()
            }
            assertFalse(flood.isCompleted, "${FLOOD * MIB} bytes were read for a listener that reads no more")
            assertEquals(emptyList(), link.listener.misuse)
            link.listener.resume(link.connection)
            for (number in 1 until FLOOD) assertEquals(number.toByte(), assertIs<Message.Binary>(link.listener.awaitMessage()).bytes.last())
        }
    }

    @Test
    fun aResumeThatComesBeforeStopWasReturnedIsNotLost() = rule {
        val link = openWith(Capability.Backpressure)
        link.listener.onReceive = { link.connection.resumeReading() } // onMessage has not returned false yet
        repeat(MESSAGES) {
            link.listener.allow()
            link.listener.stop()
            link.peer.send(PeerFrame.text("$it"))
            assertEquals(Message.Text("$it"), link.listener.awaitMessage())
        }
    }

    // Ping and pong

    @Test
    fun aPongIsTold() = rule {
        val link = openWith(Capability.Ping)
        for (payload in listOf(ByteArray(0), ByteArray(8) { it.toByte() }, ByteArray(125))) {
            link.connection.ping(payload)
            val ping = link.peer.receive(PeerFrame.PING)
            assertContentEquals(payload, ping.payload)
            link.peer.send(PeerFrame.pong(ping.payload))
            assertContentEquals(payload, link.listener.awaitPong())
        }
    }

    @Test
    fun thePeersPingIsAnsweredThoughNobodyReceives() = rule {
        val link = open()
        link.peer.send(PeerFrame.ping("anybody there?"))
        assertEquals("anybody there?", link.peer.receive(PeerFrame.PONG).payload.decodeToString())
        assertEquals(0, link.listener.messageCount)
    }

    private companion object {
        const val MIB = 1024 * 1024
        const val MESSAGES = 500
        const val MESSAGES_OF_EACH = 20
        const val FLOOD = 48
        const val ROUNDS = 50
        val SIZES = listOf(0, 1, 125, 126, 65_535, 65_536, MIB)
    }
}
