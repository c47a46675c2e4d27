package dev.wspool.testkit

import dev.wspool.test.PeerFrame.Companion.TEXT
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts
import org.junit.jupiter.api.Test
import java.net.ConnectException
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith

class ScriptedServerTest {
    @Test
    fun whatAScriptAssertsIsThrownAtTheEnd() {
        val server = ScriptedServer {
            upgrade()
            check(receive(TEXT).payload.decodeToString() == "hello") { "The client did not greet" }
        }
        PlainClient(server.port).use { client ->
            client.open().send(TEXT, "huh?".toByteArray())
            assertEquals("FIN", client.end())
        }
        server.awaitNoneOpen()
        assertEquals("The client did not greet", assertFailsWith<IllegalStateException> { server.close() }.message)
    }

    @Test
    fun aClientThatBreaksTheProtocolIsToldOf() {
        val server = ScriptedServer(Scripts.echo)
        PlainClient(server.port).use { client ->
            client.open().write(byteArrayOf(0x81.toByte(), 1, 'x'.code.toByte()))
            client.end()
        }
        server.awaitNoneOpen()
        val failure = assertFailsWith<IllegalStateException> { server.close() }
        assertEquals("The client sent a frame without a mask (RFC 6455, 5.1)", failure.message)
    }

    @Test
    fun connectionsArePlayedSideBySideAndCounted() {
        ScriptedServer {
            if (number == 1) Scripts.silentAfterAccept(this) else Scripts.echo(this)
        }.use { server ->
            val first = PlainClient(server.port)
            server.awaitOpen(1)
            val second = PlainClient(server.port).open()
            second.send(TEXT, "hello".toByteArray())
            assertEquals("81 hello", "${second.frame()}")
            assertEquals(2 to 2, server.open to server.accepted)
            second.close()
            server.awaitOpen(1)
            first.close()
            server.awaitNoneOpen()
            assertEquals(2, server.accepted)
        }
    }

    @Test
    fun closeEndsAllAndListensNoMore() {
        val server = ScriptedServer(Scripts.listen)
        val client = PlainClient(server.port).open()
        server.close()
        assertEquals("FIN", client.end())
        assertFailsWith<ConnectException> { PlainClient(server.port) }
        server.awaitNoneOpen()
    }
}
