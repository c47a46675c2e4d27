package dev.wspool.ktor.engine.tls

import org.junit.jupiter.api.Test
import java.nio.ByteBuffer
import javax.net.ssl.SSLException
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** New keys on a connection that has been established for long (RFC 8446, 4.6.3). */
class TlsKeyUpdateTest {
    private val ends = connected("TLSv1.3")
    private val client = ends.first
    private val server = ends.second

    @Test
    fun peersKeyUpdateIsAnsweredAndDataPassesUnderTheNewKeys() {
        repeat(5) { round ->
            client.outcomes.clear()
            val answer = client.answer(server.updateKeys())
            assertTrue(answer.isNotEmpty())
            assertEquals(listOf(Received.Wrap, Received.Hungry), client.outcomes)
            assertFalse(client.layer.isWrapDue)
            server.answer(answer + client.say("to $round ".toByteArray()))
            client.answer(server.say("from $round ".toByteArray()))
        }
        assertEquals("to 0 to 1 to 2 to 3 to 4 ", server.received.decodeToString())
        assertEquals("from 0 from 1 from 2 from 3 from 4 ", client.received.decodeToString())
        client.assertIdle()
    }

    @Test
    fun ownKeyUpdateIsWrappedAndAnswered() {
        client.engine.beginHandshake()
        assertTrue(client.layer.isWrapDue)
        val answer = server.answer(client.say("with it".toByteArray()))
        client.answer(answer + server.say("back".toByteArray()))
        assertEquals("with it", server.received.decodeToString())
        assertEquals("back", client.received.decodeToString())
    }

    /** A peer that writes before it reads leaves the socket full: it must get on, or both would wait for ever. */
    @Test
    fun dataIsReceivedWhileTheAnswerWaitsForTheSocket() {
        val bytes = ByteBuffer.wrap(server.updateKeys() + server.say("data".toByteArray()))
        assertEquals(Received.Wrap, client.layer.receive(bytes, client.onPlain))
        assertEquals("data", client.received.decodeToString())
        repeat(200) { client.layer.receive(ByteBuffer.wrap(server.say("!".toByteArray())), client.onPlain) }
        assertTrue(client.layer.isWrapDue)
        server.answer(client.say("answered".toByteArray()))
        assertEquals("answered", server.received.decodeToString())
    }

    @Test
    fun answersThatNobodyTakesDoNotPileUp() {
        repeat(64) { client.layer.receive(ByteBuffer.wrap(server.updateKeys()), client.onPlain) }
        assertFailsWith<SSLException> { client.layer.receive(ByteBuffer.wrap(server.updateKeys()), client.onPlain) }
        client.assertIdle()
    }

    @Test
    fun keyUpdatesThatAreAnsweredDoNotCount() {
        repeat(200) { server.answer(client.answer(server.updateKeys())) }
        client.answer(server.say("fine".toByteArray()))
        assertEquals("fine", client.received.decodeToString())
    }
}
