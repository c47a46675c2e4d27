package dev.wspool.ktor

import dev.wspool.ConnectionLostException
import dev.wspool.ConnectionState
import dev.wspool.Message
import dev.wspool.ReconnectingWebSocket
import dev.wspool.test.PeerFrame
import dev.wspool.test.Script
import dev.wspool.test.ScriptedServer
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotNull
import kotlin.time.Duration.Companion.seconds

/** One connection that is always there, on real sockets. */
class ReconnectingTest {
    private fun play(script: Script, rule: suspend (ReconnectingWebSocket) -> Unit) = ScriptedServer(script).use { server ->
        val socket = ReconnectingWebSocket(server.url) { onConnect { send("subscribe") } }
        runBlocking(Dispatchers.Default) {
            try {
                withTimeout(30.seconds) { rule(socket) }
            } finally {
                socket.close()
                withTimeout(30.seconds) { socket.awaitClosed() }
            }
        }
        server.awaitNoneOpen()
    }

    @Test
    fun aSubscriptionGoesOnOverEveryKindOfEnd() = play(
        {
            upgrade()
            assertEquals("subscribe", receive(PeerFrame.TEXT).payload.decodeToString())
            text("price $number a")
            text("price $number b")
            receive(PeerFrame.TEXT) // an end that came before the connection was taken would be a failure to connect
            when (number) {
                1 -> send(PeerFrame.close(1000, "bye"))
                2 -> socket.shutdownOutput()
                3 -> send(PeerFrame.close(1011, "restart"))
            }
            awaitEnd()
        },
    ) { socket ->
        val expected = (1..4).flatMap { listOf("price $it a", "price $it b") }
        val seen = socket.messages.map { (it as Message.Text).text }.onEach { if (it.endsWith("b")) socket.send("seen") }
        assertEquals(expected, seen.take(8).toList())
        val state = socket.connectionState.first { it is ConnectionState.Connected } as ConnectionState.Connected
        assertNotNull(state.remoteAddress)
        assertEquals(4, socket.stats.created)
    }

    @Test
    fun aReplyThatWillNotComeIsToldAndTheNextQuestionIsAnswered() = play(
        {
            upgrade()
            receive(PeerFrame.TEXT)
            val question = receive(PeerFrame.TEXT)
            if (number == 1) reset() else reply(question)
            awaitEnd()
        },
    ) { socket ->
        socket.send("question")
        assertFailsWith<ConnectionLostException> { socket.receive() }
        socket.send("question again")
        assertEquals("question again", socket.receiveText())
    }
}
